package dev.copperplate.backup.repository;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.RepositoryModel.Operation;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.testkit.Calls;
import dev.copperplate.backup.testkit.Fault;
import dev.copperplate.backup.testkit.HostileTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.testkit.filesystem.ModelFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/**
 * Whatever two processes do to a repository at the same time, and wherever they die: what is listed
 * can be restored, what nobody removed is listed, and stock restic finds nothing wrong in the end.
 *
 * <p>A hundred times as much: {@code mvn test -pl backup-bom,backup-api,backup-core,backup-testkit
 * -Dtest=RepositoryModelProperties -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class RepositoryModelProperties {

  private static final int MOST_CALLS = 80;
  private static final long LIMIT_SECONDS = 120;

  /**
   * What one process does.
   *
   * @param death after how many calls of the store it dies; 0 for never
   * @param lost the call of which the answer is lost; 0 for none
   */
  record Move(Operation operation, int seed, int death, int lost) {}

  /** What two processes do at the same time. */
  record Step(Move first, Move second) {}

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Operation> operations =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.of(Operation.BACKUP, Operation.CHAINED_BACKUP)),
            Tuple.of(4, Arbitraries.of(Operation.EXPIRE, Operation.PRUNE)),
            Tuple.of(3, Arbitraries.of(Operation.values())));
    Arbitrary<Integer> never = Arbitraries.just(0);
    Arbitrary<Integer> some = Arbitraries.integers().between(1, MOST_CALLS);
    Arbitrary<Integer> deaths = Arbitraries.frequencyOf(Tuple.of(2, never), Tuple.of(1, some));
    Arbitrary<Integer> lost = Arbitraries.frequencyOf(Tuple.of(5, never), Tuple.of(1, some));
    Arbitrary<Move> moves =
        Combinators.combine(operations, Arbitraries.integers(), deaths, lost).as(Move::new);
    return Combinators.combine(moves, moves).as(Step::new).list().ofMinSize(5).ofMaxSize(12);
  }

  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInAStoreThatFails(@ForAll("histories") List<Step> history) throws Exception {
    inAStoreThatFails(history);
  }

  @Tag("slow")
  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void nothingIsLostInAStoreThatFailsForLong(@ForAll("histories") List<Step> history)
      throws Exception {
    inAStoreThatFails(history);
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void nothingIsLostWhenThePowerFails(@ForAll("histories") List<Step> history, @ForAll long seed)
      throws Exception {
    onADiskThatLosesPower(history, seed);
  }

  @Tag("slow")
  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void nothingIsLostWhenThePowerFailsOften(
      @ForAll("histories") List<Step> history, @ForAll long seed) throws Exception {
    onADiskThatLosesPower(history, seed);
  }

  private static void inAStoreThatFails(List<Step> history) throws Exception {
    RepositoryModel model = new RepositoryModel(new MemoryTarget(), new MemoryTarget());
    for (Step each : history) {
      if (make(each, model, () -> false)) {
        model.bury();
      } else {
        model.requireNobodyThere();
      }
      model.requireWhole();
    }
    end(model);
  }

  /** Both processes die with their machine, and what was not synced is gone, or is not. */
  private static void onADiskThatLosesPower(List<Step> history, long seed) throws Exception {
    ModelFileSystem disk = new ModelFileSystem();
    RepositoryModel model = new RepositoryModel(home(disk), away(disk));
    long chance = seed;
    for (Step each : history) {
      int death = Math.max(each.first().death(), each.second().death());
      if (death > 0) {
        disk.cutAfter(death);
      }
      make(immortal(each), model, disk::isCut);
      if (death > 0) {
        disk = disk.afterPowerFailure(chance++);
        model.moveTo(home(disk), away(disk));
        model.bury();
      }
      model.requireWhole();
    }
    end(model);
  }

  private static Step immortal(Step step) {
    return new Step(immortal(step.first()), immortal(step.second()));
  }

  private static Move immortal(Move move) {
    return new Move(move.operation(), move.seed(), 0, 0);
  }

  private static BackupTarget home(ModelFileSystem disk) {
    return LocalTarget.at(disk.getPath("/home"));
  }

  private static BackupTarget away(ModelFileSystem disk) {
    return LocalTarget.at(disk.getPath("/away"));
  }

  private static void end(RepositoryModel model) throws Exception {
    model.tidyUp();
    model.requireWhole();
    for (BackupTarget each : List.of(model.home(), model.away())) {
      requireSoundForStock(each);
    }
  }

  /** Returns whether a process died. */
  private static boolean make(Step step, RepositoryModel model, BooleanSupplier powerIsGone)
      throws Exception {
    ExecutorService processes = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> first = processes.submit(() -> make(step.first(), model, powerIsGone));
      Future<Boolean> second = processes.submit(() -> make(step.second(), model, powerIsGone));
      boolean firstDied = first.get(LIMIT_SECONDS, SECONDS);
      boolean secondDied = second.get(LIMIT_SECONDS, SECONDS);
      return firstDied || secondDied;
    } catch (ExecutionException failed) {
      return fail(step.toString(), failed.getCause());
    } finally {
      processes.shutdownNow();
    }
  }

  /** Returns whether the process died. */
  private static boolean make(Move move, RepositoryModel model, BooleanSupplier powerIsGone)
      throws Exception {
    HostileTarget home = hostile(model.home(), move);
    HostileTarget away = hostile(model.away(), move);
    try {
      model.act(move.operation(), move.seed(), home, away);
    } catch (IOException failure) {
      if (!isDead(home, move) && !isDead(away, move) && !powerIsGone.getAsBoolean()) {
        throw failure;
      }
    }
    return isDead(home, move) || isDead(away, move) || powerIsGone.getAsBoolean();
  }

  private static HostileTarget hostile(BackupTarget target, Move move) {
    HostileTarget hostile = HostileTarget.over(target);
    if (move.lost() > 0) {
      hostile.on(Calls.any().nth(move.lost()), Fault.answerLost());
    }
    if (move.death() > 0) {
      hostile.dieAfter(move.death());
    }
    return hostile;
  }

  private static boolean isDead(HostileTarget target, Move move) {
    return move.death() > 0 && target.operations().size() > move.death();
  }

  private static void requireSoundForStock(BackupTarget target) throws Exception {
    Path parent = Files.createTempDirectory("repository-model");
    try {
      Path directory = parent.resolve("repository");
      try (BackupTarget local = LocalTarget.at(directory)) {
        copy(target, local);
      }
      Restic restic = Restic.stock().at(directory, TestRepositories.PASSWORD);
      Restic.Result result = restic.run("check", "--read-data");
      assertEquals(0, result.exitCode(), result::toString);
      assertEquals("", result.err(), result::toString);
    } finally {
      DeletedTree.delete(parent);
    }
  }

  private static void copy(BackupTarget from, BackupTarget to) throws IOException {
    try (Cursor<ObjectInfo> all = from.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        try (InputStream in = from.read(each.key(), ByteRange.ALL)) {
          to.put(each.key(), Content.of(in.readAllBytes()), PutOptions.DATA);
        }
      }
    }
  }
}
