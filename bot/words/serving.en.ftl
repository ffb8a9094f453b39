serving-not-listening = Can't listen on port { $port } of { $host }: { $why }. Stop the program that uses it, or change port in [web].
