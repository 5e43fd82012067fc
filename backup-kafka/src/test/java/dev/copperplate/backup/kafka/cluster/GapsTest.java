package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

class GapsTest {

  private static final Answers ANSWERS = new Answers(Duration.ofSeconds(1));
  private static final Permission NEEDED = Permission.group("Describe", "it's");

  private final List<Finding> findings = new ArrayList<>();
  private final Gaps gaps = new Gaps("host:9092", findings::add);

  @Test
  void whatIsRefusedNamesTheCommandThatAllowsIt() throws Exception {
    assertEquals(Optional.empty(), ask(new GroupAuthorizationException("no")));
    assertEquals(
        "kafka-acls --bootstrap-server host:9092 --add --allow-principal User:NAME --operation"
            + " Describe --group 'it'\\''s'",
        findings.get(0).remedy());
    assertEquals(Severity.WARNING, findings.get(0).severity());
    assertEquals("it", gaps.all().get(0).what());
  }

  @Test
  void whatBrokersAreTooOldForIsAGap() throws Exception {
    assertEquals(Optional.empty(), ask(new UnsupportedVersionException("old")));
    assertEquals(
        List.of(new Gap("it", "The brokers are too old to tell", "Update the brokers")),
        gaps.all());
  }

  @Test
  void whatIsGoneIsNoGapWhereThatMayBe() throws Exception {
    Future<String> gone = CompletableFuture.failedFuture(new GroupIdNotFoundException("gone"));
    assertEquals(Optional.empty(), gaps.askIfThere("it", NEEDED, ANSWERS, gone));
    assertEquals(List.of(), gaps.all());
  }

  @Test
  void otherFailuresAreThrown() {
    BackupException failure =
        assertThrows(BackupException.class, () -> ask(new NotControllerException("moved")));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEquals("Reading it failed: moved", failure.getMessage());
    assertEquals(List.of(), findings);
  }

  @Test
  void anAnswerThatDoesNotComeEndsTheWait() {
    BackupException failure =
        assertThrows(
            BackupException.class,
            () -> gaps.ask("it", NEEDED, ANSWERS, new CompletableFuture<String>()));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEquals("Reading it took longer than 1 s", failure.getMessage());
  }

  @Test
  void interruptionEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> gaps.ask("it", NEEDED, ANSWERS, new CompletableFuture<String>()));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private Optional<String> ask(RuntimeException failure) throws Exception {
    return gaps.ask("it", NEEDED, ANSWERS, CompletableFuture.failedFuture(failure));
  }
}
