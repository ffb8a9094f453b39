# A reader's key file, and the installation's key.

seal-key-file-not-a-key = This is not a key file of Tin Báo.
seal-key-file-private-half = This is the private half of the key. It stays on the reader's own machine and must not come to the server; please send the public key file.
seal-key-file-public-half = This is the public half of the key, which can only seal. To read tips, the private key file is needed.
seal-key-file-damaged = The key file is damaged or incomplete at the line "{ $line }".
seal-key-file-line-twice = The key file is damaged: a line is in it twice.
seal-key-file-fingerprint = The fingerprint does not belong to the public key: the file was changed or copied wrongly.
seal-key-file-halves-differ = The two halves of the key do not belong together: the file was changed or copied wrongly.
seal-key-file-locked = This key is protected by a passphrase. Please give it.
seal-key-file-wrong-passphrase = The passphrase is wrong, or the key file was changed.
seal-key-file-empty-passphrase = The passphrase must not be empty.
seal-key-file-name = A reader's name must be one line of text, of at most 80 characters.
seal-keyring-exists = There is a key file { $path } already; it is not overwritten.
seal-keyring-missing = There is no key file { $path }. Please run "tinbao init", or copy the key file back from a backup.
seal-keyring-unreadable = The key file { $path } cannot be read.
seal-keyring-not-written = The key file { $path } cannot be written.
seal-keyring-open-to-others = Others on this machine can read the key file { $path }. Please give it the mode 0600 (chmod 600).
seal-keyring-size = The key file { $path } must be exactly 32 bytes long; this one is not the installation's key, or it is damaged.
