package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.testkit.RetainingTarget;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Whatever was backed up, thinned out and pruned when, and whoever deletes all that the store lets
 * go: each snapshot whose retention has not ended can be restored wholly, with all that it depends
 * on.
 */
class RetainedHistoriesProperties {

  /** What happens. */
  enum Deed {
    BACKUP,
    CHAINED_BACKUP,
    LONG_BACKUP,
    LOOSE_BACKUP,
    THIN_OUT,
    PRUNE,
    REOPEN,
    DELETE_ALL
  }

  /**
   * What happens, and when.
   *
   * @param days after what was before
   */
  record Step(Deed deed, int days, long seed) {}

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Deed> deeds =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(Deed.BACKUP, Deed.CHAINED_BACKUP)),
            Tuple.of(2, Arbitraries.of(Deed.THIN_OUT, Deed.PRUNE)),
            Tuple.of(2, Arbitraries.of(Deed.values())));
    Arbitrary<Integer> days = Arbitraries.integers().between(0, 9);
    return Combinators.combine(deeds, days, Arbitraries.longs())
        .as(Step::new)
        .list()
        .ofMinSize(4)
        .ofMaxSize(14);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatIsRetainedOutlivesWhoeverMayDelete(@ForAll("histories") List<Step> history)
      throws Exception {
    try (RetentionModel model =
        new RetentionModel(clock -> RetainingTarget.over(new MemoryTarget(clock), clock))) {
      for (Step each : history) {
        model.pass(Duration.ofDays(each.days()));
        make(each, model);
        model.requireKept();
      }
      model.deleteAll("");
      if (model.promises()) {
        model.requireKept();
      }
    }
  }

  /** What was not locked may be gone: prune removes nothing then, and a source cannot read it. */
  private static void makeIfWhole(Step step, RetentionModel model) throws Exception {
    try {
      make(step, model);
    } catch (BackupException damaged) {
      if (damaged.kind() != Kind.DAMAGED && damaged.kind() != Kind.MISSING) {
        throw damaged;
      }
    }
  }

  private static void make(Step step, RetentionModel model) throws Exception {
    BackupOptions usual = BackupOptions.DEFAULT;
    switch (step.deed()) {
      case BACKUP -> model.backup(step.seed(), false, usual);
      case CHAINED_BACKUP -> model.backup(step.seed(), true, usual);
      case LONG_BACKUP -> model.backup(step.seed(), false, usual.retainFor(Duration.ofDays(60)));
      case LOOSE_BACKUP -> model.backup(step.seed(), false, usual.withoutRetention());
      case THIN_OUT -> model.thinOut();
      case PRUNE -> model.prune();
      case REOPEN -> model.reopen();
      case DELETE_ALL -> {
        for (String each : List.of("data/", "index/", "snapshots/", "locks/", "copperplate/")) {
          model.deleteAll(each);
        }
      }
    }
  }

  /**
   * The same where whatever is put over an object is another version, and somebody puts junk over
   * everything, hides packs and the config, and removes each version that is not locked.
   */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatIsRetainedOutlivesWhoeverMayWrite(@ForAll("histories") List<Step> history)
      throws Exception {
    Attacker[] attacker = new Attacker[1];
    try (RetentionModel model =
        new RetentionModel(
            clock -> {
              attacker[0] = new Attacker(clock);
              return attacker[0].store();
            })) {
      for (Step each : history) {
        model.pass(Duration.ofDays(each.days()));
        if (each.deed() != Deed.DELETE_ALL) {
          makeIfWhole(each, model);
        }
        if (each.deed() == Deed.DELETE_ALL || each.seed() % 2 == 0) {
          attacker[0].attack(each.seed());
          model.reopen();
        }
        if (model.promises()) {
          model.requireKept();
        }
      }
    }
  }
}
