package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.SlotGap;
import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.SlotOutcome;
import dev.copperplate.backup.postgres.SlotOutcome.Result;
import dev.copperplate.backup.postgres.SlotStep;
import dev.copperplate.backup.postgres.SlotStep.Kind;
import dev.copperplate.backup.postgres.capture.Server;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Carries out steps, one after another. */
public final class StepRun {

  private static final String CANCELED = "57014";
  private static final String DENIED = "42501";
  private static final String IN_USE = "55006";

  private final Server server;
  private final Duration limit;
  private final List<SlotStep> steps;
  private final Set<String> confirmed;

  public StepRun(Server server, Duration limit, List<SlotStep> steps, Set<String> confirmed) {
    this.server = server;
    this.limit = limit;
    this.steps = List.copyOf(steps);
    this.confirmed = Set.copyOf(confirmed);
    Set<String> unknown = new TreeSet<>(confirmed);
    this.steps.forEach(each -> unknown.remove(each.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("Confirmed, but none of the steps: " + unknown);
    }
  }

  public List<SlotOutcome> run() throws IOException {
    List<SlotOutcome> outcomes = new ArrayList<>();
    boolean ended = false;
    for (SlotStep each : steps) {
      SlotOutcome outcome = outcome(each, ended);
      ended |= outcome.result() == Result.CHANGED || outcome.result() == Result.FAILED;
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private SlotOutcome outcome(SlotStep step, boolean ended) throws IOException {
    if (step.kind() == Kind.RESUME) {
      return outcome(step, Result.FOR_PEOPLE, step.effect());
    }
    if (!confirmed.contains(step.name())) {
      return outcome(step, Result.NOT_CONFIRMED, "");
    }
    return ended ? outcome(step, Result.NOT_REACHED, "") : carryOut(step);
  }

  private SlotOutcome carryOut(SlotStep step) throws IOException {
    String database = step.database().isEmpty() ? server.database() : step.database();
    try (Session session = new Session(server.connect(database), longer())) {
      try {
        return done(session, step, session.rows(step.sql()));
      } catch (SQLException e) {
        return refused(session, step, String.valueOf(e.getSQLState()));
      }
    } catch (SQLException e) {
      return outcome(
          step, Result.FAILED, "The session could not be set up (" + e.getSQLState() + ")");
    }
  }

  /** Ending a session has the limit as its own, and says whether it kept it. */
  private Duration longer() {
    return limit.plusSeconds(1);
  }

  private static SlotOutcome done(Session session, SlotStep step, List<Row> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return outcome(
          step, Result.CHANGED, "It is no longer as it was when it was looked at: inspect again");
    }
    return switch (step.kind()) {
      case DISCONNECT, END_TRANSACTION ->
          rows.get(0).flag("done")
              ? outcome(step, Result.DONE, "")
              : outcome(step, Result.FAILED, "The process is told to end, and has not yet");
      case ADVANCE -> lost(step, new SlotGap(step.slot(), from(step), rows.get(0).lsn("position")));
      case CREATE -> created(session, step);
      case DROP, RESUME -> outcome(step, Result.DONE, "");
    };
  }

  private static SlotOutcome created(Session session, SlotStep step) throws SQLException {
    Optional<Slot> now = new Catalog(session).slot(step.slot());
    return now.filter(Slot::logical)
        .map(slot -> lost(step, new SlotGap(step.slot(), from(step), slot.confirmed())))
        .orElseGet(() -> outcome(step, Result.DONE, ""));
  }

  private static Optional<Lsn> from(SlotStep step) {
    return Optional.of(step.position()).filter(each -> !each.equals(Lsn.NONE));
  }

  private static SlotOutcome lost(SlotStep step, SlotGap gap) {
    String from = gap.from().map(Object::toString).orElse("its last position");
    String message =
        "Changes between "
            + from
            + " and "
            + gap.to()
            + " never reach the consumer: let it read its tables anew";
    return new SlotOutcome(step, Result.DONE, gap.isEmpty() ? "" : message, Optional.of(gap));
  }

  private SlotOutcome refused(Session session, SlotStep step, String state) {
    return switch (state) {
      case IN_USE -> outcome(step, Result.CHANGED, "Somebody uses the slot: inspect again");
      case DENIED -> outcome(step, Result.FAILED, right(step));
      case CANCELED ->
          outcome(step, Result.FAILED, "It took longer than " + limit + holders(session, step));
      default -> outcome(step, Result.FAILED, "The server refused it (" + state + ")");
    };
  }

  private static String right(SlotStep step) {
    return switch (step.kind()) {
      case DISCONNECT, END_TRANSACTION ->
          "The role may not end this session: GRANT pg_signal_backend to it, or be a superuser where the"
              + " session is a superuser's";
      default -> "The role may not change slots: ALTER ROLE … REPLICATION";
    };
  }

  private static String holders(Session session, SlotStep step) {
    if (step.kind() != Kind.CREATE) {
      return "";
    }
    try {
      return Holders.transactions(session).stream()
          .map(SlotHolder::toString)
          .collect(Collectors.joining("; ", ": it waits for ", ""));
    } catch (SQLException e) {
      return "; what it waits for could not be asked (" + e.getSQLState() + ")";
    }
  }

  private static SlotOutcome outcome(SlotStep step, Result result, String message) {
    return new SlotOutcome(step, result, message, Optional.empty());
  }
}
