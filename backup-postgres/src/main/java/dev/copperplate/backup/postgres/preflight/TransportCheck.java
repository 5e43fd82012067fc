package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.List;
import org.postgresql.jdbc.SslMode;

/** Whether somebody on the way can listen, or answer in the server's place. */
final class TransportCheck implements PreflightCheck {

  private final Address address;
  private final Severity grave;

  TransportCheck(Address address, Severity grave) {
    this.address = address;
    this.grave = grave;
  }

  @Override
  public String subject() {
    return "transport";
  }

  @Override
  public void look(List<Finding> findings) {
    SslMode mode = address.sslMode();
    if (mode != SslMode.VERIFY_FULL && !address.isLoopback()) {
      findings.add(
          new Finding(
              grave,
              subject(),
              "sslmode=" + mode.value + " " + consequence(mode),
              "-- connect with sslmode=verify-full and sslrootcert=FILE"));
    }
  }

  private static String consequence(SslMode mode) {
    return switch (mode) {
      case DISABLE -> "sends every row and key of the cluster in clear";
      case ALLOW, PREFER -> "sends in clear if whoever is on the way says so";
      default -> "does not make sure whose server answers";
    };
  }
}
