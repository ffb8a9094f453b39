"""The conversation that the peers hold: tinbao's own tip, as long as its sentences, with as many buttons.

Plain data, so that every peer pays for its own framework only. The first button of each question is the one that the
people press; "x" cancels.
"""

from __future__ import annotations

TAIL = [[("Quay lại", "<"), ("Hủy", "x")]]
READY = (
    (
        "Trước khi bắt đầu, bạn nên biết:\n"
        "• Chúng tôi không lưu tên, số điện thoại hay tài khoản Telegram của bạn cùng với tin. Nội dung được "
        "niêm phong; chỉ người có khóa riêng mới đọc được.\n"
        "• Telegram thì biết tài khoản của bạn đã nhắn cho kênh này. Trang web không cần tài khoản; kín nhất là "
        "mở bằng Tor.\n• Đang có nguy hiểm? Đừng viết, hãy gọi 113."
    ),
    [[("Tiếp tục ở đây", "go"), ("Hủy", "x")]],
)
KIND = (
    "Việc gì đang xảy ra?",
    [
        [("Mua bán", "selling"), ("Cất giấu", "storing")],
        [("Tụ tập sử dụng", "using"), ("Trồng cây", "growing")],
        [("Trên mạng", "online"), ("Việc khác", "other")],
        *TAIL,
    ],
)
PLACE = ("Ở xã, phường nào? Gõ vài chữ trong tên, không cần dấu.", [[("Không nhớ", "-")], *TAIL])
WHAT = ("Kể cho chúng tôi điều bạn thấy: ai, ở đâu, khi nào. Viết thế nào cũng được.", TAIL)
WHEN = (
    "Việc này xảy ra khi nào?",
    [[("Đang xảy ra", "now"), ("Mấy ngày gần đây", "recent")], [("Đã lâu", "past")], [("Không rõ", "-")], *TAIL],
)
BACK = (
    "Bạn có muốn chúng tôi hỏi thêm hoặc báo kết quả cho bạn không?",
    [[("Có, ngay tại đây", "here")], [("Chỉ khi tôi mở lại bằng mã", "receipt")], [("Không", "none")], *TAIL],
)
SURE_ROWS = [[("Gửi", "yes")], *TAIL]
CANCELLED = "Đã hủy. Không có gì được gửi đi."


def sure(kind: str, place: str, what: str, when: str, back: str) -> str:
    """What is shown for confirmation."""
    return f"Xem lại giúp chúng tôi:\nViệc: {kind}\nNơi: {place}\nKhi: {when}\nTrả lời: {back}\n{what}"
