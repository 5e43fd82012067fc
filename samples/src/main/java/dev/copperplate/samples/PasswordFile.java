package dev.copperplate.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes passwords that nobody has to remember. */
final class PasswordFile {

  private static final int BYTES = 24;

  private PasswordFile() {}

  /** Writes a random password into a new file that only its owner can read, and returns it. */
  static String create(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().encodeToString(random);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, password.getBytes(StandardCharsets.US_ASCII));
    return password;
  }
}
