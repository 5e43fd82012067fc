package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What was found so far: of each severity the first thousand, and a count of the others, so that
 * many harmless ones hide none that matters. Thread-safe.
 */
public final class Findings {

  private static final int KEPT = 1000;

  private final Map<Severity, List<Finding>> kept = new EnumMap<>(Severity.class);
  private final Map<Severity, Long> more = new EnumMap<>(Severity.class);

  public synchronized void add(Finding finding) {
    List<Finding> same = kept.computeIfAbsent(finding.severity(), any -> new ArrayList<>());
    if (same.size() < KEPT) {
      same.add(finding);
    } else {
      more.merge(finding.severity(), 1L, Long::sum);
    }
  }

  public void error(String subject, String message, String remedy) {
    add(Finding.error(subject, message, remedy));
  }

  public void warning(String subject, String message, String remedy) {
    add(Finding.warning(subject, message, remedy));
  }

  public void info(String subject, String message, String remedy) {
    add(new Finding(Severity.INFO, subject, message, remedy));
  }

  /** Whether anything is damaged or missing. */
  public synchronized boolean hasErrors() {
    return kept.containsKey(Severity.ERROR);
  }

  /** Tells them, the worst first. */
  public synchronized void tell(String repository, Consumer<Finding> to) {
    List<Severity> worstFirst = List.of(Severity.ERROR, Severity.WARNING, Severity.INFO);
    for (Severity severity : worstFirst) {
      kept.getOrDefault(severity, List.of()).forEach(to);
      Long others = more.get(severity);
      if (others != null) {
        to.accept(new Finding(severity, repository, others + " more findings like these", ""));
      }
    }
  }
}
