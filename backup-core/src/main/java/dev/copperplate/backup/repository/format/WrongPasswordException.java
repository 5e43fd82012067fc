package dev.copperplate.backup.repository.format;

import java.io.IOException;

/**
 * A key file does not open with a password: the next key file may. The file is well-formed; whether
 * the password is wrong or somebody changed the sealed key cannot be told apart.
 */
public final class WrongPasswordException extends IOException {

  private static final long serialVersionUID = 1;

  WrongPasswordException(Throwable cause) {
    super("The key file does not open with this password", cause);
  }
}
