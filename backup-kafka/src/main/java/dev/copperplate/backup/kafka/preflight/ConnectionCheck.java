package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** Whether somebody on the way to brokers can listen, or answer in their place. */
final class ConnectionCheck implements PreflightCheck {

  private final String subject;
  private final Protection protection;
  private final List<Address> addresses;
  private final boolean strict;

  ConnectionCheck(String subject, Protection protection, List<Address> addresses, boolean strict) {
    this.subject = subject;
    this.protection = protection;
    this.addresses = addresses;
    this.strict = strict;
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public void look(List<Finding> findings) {
    List<Address> outside =
        addresses.stream().filter(each -> !each.isLoopback()).distinct().toList();
    if (protection == Protection.WHOLE || outside.isEmpty()) {
      return;
    }
    String where = outside.stream().map(Address::toString).collect(Collectors.joining(", "));
    findings.add(
        new Finding(
            strict ? Severity.ERROR : Severity.WARNING,
            subject,
            protection.consequence()
                + " (to "
                + where
                + ")"
                + (strict ? ". Nothing more was asked over such a connection" : ""),
            protection.remedy()));
  }
}
