serving-not-listening = Không mở được cổng { $port } ở { $host }: { $why }. Hãy dừng chương trình đang dùng cổng, hoặc đổi port trong [web].
