package dev.copperplate.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine, which stands for its environment unless another label is given. */
final class HostName {

  private HostName() {}

  static String get() throws IOException {
    Path linux = Path.of("/proc/sys/kernel/hostname");
    // The JDK's own way looks the name up, which fails where no name server knows it.
    return Files.isReadable(linux)
        ? Files.readString(linux).strip()
        : InetAddress.getLocalHost().getHostName();
  }
}
