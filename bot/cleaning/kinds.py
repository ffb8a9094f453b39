"""What a file is, told by its content, never by a name."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """A kind of file: its media type and extension."""

    JPEG = "image/jpeg", ".jpg"
    PNG = "image/png", ".png"
    GIF = "image/gif", ".gif"
    WEBP = "image/webp", ".webp"
    HEIC = "image/heic", ".heic"
    AVIF = "image/avif", ".avif"
    PDF = "application/pdf", ".pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"
    MP4 = "video/mp4", ".mp4"
    MOV = "video/quicktime", ".mov"
    M4A = "audio/mp4", ".m4a"
    THREEGP = "video/3gpp", ".3gp"
    OGG = "audio/ogg", ".ogg"
    MP3 = "audio/mpeg", ".mp3"
    WAV = "audio/wav", ".wav"
    FLAC = "audio/flac", ".flac"
    AMR = "audio/amr", ".amr"
    AAC = "audio/aac", ".aac"
    MKV = "video/x-matroska", ".mkv"
    AVI = "video/x-msvideo", ".avi"
    TEXT = "text/plain", ".txt"
    ZIP = "application/zip", ".zip"
    RAR = "application/vnd.rar", ".rar"
    SEVEN_ZIP = "application/x-7z-compressed", ".7z"
    OLE = "application/x-ole-storage", ".doc"
    RTF = "application/rtf", ".rtf"
    TIFF = "image/tiff", ".tif"
    SVG = "image/svg+xml", ".svg"
    PROGRAM = "application/x-executable", ".bin"
    UNKNOWN = "application/octet-stream", ".bin"

    @property
    def mime(self) -> str:
        return self.value[0]

    @property
    def extension(self) -> str:
        return self.value[1]
