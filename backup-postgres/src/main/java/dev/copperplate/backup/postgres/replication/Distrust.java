package dev.copperplate.backup.postgres.replication;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Why the driver does not trust a server. It gives the code of a connection that broke for that,
 * too, so that it is told by where the failure comes from; its text may be in any language.
 */
final class Distrust {

  private static final String OPENING_FILES = "org.postgresql.ssl.LibPQFactory";
  private static final String SHAKING_HANDS = "org.postgresql.ssl.MakeSSL";

  private Distrust() {}

  /** What to tell a person; empty if the failure has another reason. */
  static Optional<String> reason(SQLException e) {
    StackTraceElement[] stack = e.getStackTrace();
    String thrower = stack.length == 0 ? "" : stack[0].getClassName();
    if (isOfCertificate(e)) {
      return Optional.of(
          "its certificate does not come from the root that sslrootcert names, or is not valid now."
              + " Have the server's certificate authority there");
    }
    if (thrower.equals(OPENING_FILES)) {
      return Optional.of(
          "a file of keys or certificates cannot be read. Look at sslrootcert, sslcert and sslkey");
    }
    if (thrower.equals(SHAKING_HANDS) && e.getCause() == null) {
      return Optional.of(
          "its certificate is not for the host of the address. Connect by a name that is in it, or"
              + " have one made for this name");
    }
    return Optional.empty();
  }

  private static boolean isOfCertificate(Throwable failure) {
    for (Throwable each = failure.getCause(); each != null; each = each.getCause()) {
      if (each instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }
}
