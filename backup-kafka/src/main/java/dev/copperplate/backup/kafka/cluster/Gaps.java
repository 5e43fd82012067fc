package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What a capture may not see or cannot export. Each one is reported when it is met, and all of them
 * stand in {@code cluster.json}. Thread-safe.
 */
public final class Gaps {

  private final String bootstrap;
  private final Consumer<Finding> report;
  private final List<Gap> gaps = new ArrayList<>();

  /**
   * @param bootstrap servers, for the commands that grant what is missing
   * @param report takes findings
   */
  public Gaps(String bootstrap, Consumer<Finding> report) {
    this.bootstrap = bootstrap;
    this.report = report;
  }

  /** Notes one that makes the snapshot partial. */
  public void warn(String what, String why, String remedy) {
    add(new Gap(what, why, remedy));
    report.accept(Finding.warning(what, why, remedy));
  }

  /** Notes one that nobody can do anything about. */
  public void note(String what, String why, String remedy) {
    add(new Gap(what, why, remedy));
    report.accept(Finding.info(what, why));
  }

  /** All of them, in an order that stays. */
  public synchronized List<Gap> all() {
    return gaps.stream()
        .distinct()
        .sorted(Comparator.comparing(Gap::what).thenComparing(Gap::why))
        .toList();
  }

  private synchronized void add(Gap gap) {
    gaps.add(gap);
  }

  /**
   * Waits for what the cluster answers. What it refuses, or is too old for, becomes a gap.
   *
   * @param what is asked for
   * @param needed what the cluster wants to be allowed for it
   * @return empty if there is a gap instead
   * @throws BackupException on everything else
   */
  <T> Optional<T> ask(String what, Permission needed, Answers answers, Future<T> answer)
      throws BackupException, InterruptedException {
    try {
      return Optional.of(answers.of("Reading " + what, answer));
    } catch (BackupException failure) {
      if (failure.getCause() instanceof AuthorizationException) {
        refused(what, needed);
      } else if (failure.getCause() instanceof SecurityDisabledException) {
        report.accept(Finding.info(what, "The brokers have no authorizer, so there are none"));
      } else if (failure.getCause() instanceof UnsupportedVersionException) {
        warn(what, "The brokers are too old to tell", "Update the brokers");
      } else {
        throw failure;
      }
      return Optional.empty();
    }
  }

  /** As {@link #ask}; empty as well, and no gap, if what is asked for is gone meanwhile. */
  <T> Optional<T> askIfThere(String what, Permission needed, Answers answers, Future<T> answer)
      throws BackupException, InterruptedException {
    try {
      return ask(what, needed, answers, answer);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Notes what one may not see. */
  void refused(String what, Permission needed) {
    warn(what, "Not captured: the user of this backup lacks " + needed, needed.command(bootstrap));
  }
}
