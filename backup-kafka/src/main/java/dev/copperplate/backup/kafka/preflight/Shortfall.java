package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/** Operations that the user lacks, with the names of all that lack the same ones together. */
final class Shortfall {

  private final Map<Lack, List<String>> names = new LinkedHashMap<>();

  private record Lack(Severity severity, Set<AclOperation> operations) {}

  /** Takes in what is needed on one thing, and not allowed. */
  void add(String name, Needs needs, Collection<AclOperation> allowed) {
    EnumSet<AclOperation> missing = EnumSet.noneOf(AclOperation.class);
    missing.addAll(needs.operations().keySet());
    missing.removeAll(allowed);
    missing.stream()
        .map(needs.operations()::get)
        .max(Comparator.naturalOrder())
        .ifPresent(
            severity ->
                names
                    .computeIfAbsent(new Lack(severity, missing), each -> new ArrayList<>())
                    .add(name));
  }

  /** Of the cluster itself, which has no name. */
  void reportCluster(String subject, Commands commands, List<Finding> findings) {
    for (Lack each : names.keySet()) {
      findings.add(
          new Finding(
              each.severity(),
              subject,
              "The user lacks " + words(each) + " on the cluster",
              commands.grant(each.operations())));
    }
  }

  /**
   * Of all others.
   *
   * @param kind {@code topic} or {@code group}
   */
  void report(String subject, String kind, Commands commands, List<Finding> findings) {
    names.forEach(
        (lack, all) ->
            findings.add(
                new Finding(
                    lack.severity(),
                    subject,
                    "The user lacks " + words(lack) + " on " + Names.of(kind, all),
                    commands.grant(lack.operations(), kind, all))));
  }

  private static String words(Lack lack) {
    return lack.operations().stream().map(Commands::word).collect(Collectors.joining(", "));
  }
}
