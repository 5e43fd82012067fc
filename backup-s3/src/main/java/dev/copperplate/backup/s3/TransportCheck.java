package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Whether somebody on the way can listen. */
final class TransportCheck implements PreflightCheck {

  private final Optional<URI> endpoint;
  private final Severity grave;

  TransportCheck(Optional<URI> endpoint, Severity grave) {
    this.endpoint = endpoint;
    this.grave = grave;
  }

  /** Whether requests to an endpoint can be listened to. Asks no name server. */
  static boolean isOpen(URI endpoint) {
    return "http".equals(endpoint.getScheme()) && !isLoopback(endpoint.getHost());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  @Override
  public String subject() {
    return "transport";
  }

  @Override
  public void look(List<Finding> findings) {
    if (endpoint.filter(TransportCheck::isOpen).isPresent()) {
      findings.add(
          new Finding(
              grave,
              subject(),
              endpoint.get() + " is plain http: whoever listens learns names, sizes and times",
              "Give an endpoint of https"));
    }
  }
}
