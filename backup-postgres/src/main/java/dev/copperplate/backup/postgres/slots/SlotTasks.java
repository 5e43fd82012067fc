package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.SlotGap;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes slots again, and says what their consumers have lost. */
final class SlotTasks {

  private static final int NAMED = 20;

  private final Target target;
  private final Lineage lineage;
  private final RestoreWishes wishes;
  private final RestoreContext context;
  private final List<SlotGap> gaps = new ArrayList<>();

  SlotTasks(Target target, Lineage lineage, RestoreWishes wishes, RestoreContext context) {
    this.target = target;
    this.lineage = lineage;
    this.wishes = wishes;
    this.context = context;
  }

  /** What was lost, as far as slots are restored. */
  List<SlotGap> gaps() {
    return gaps;
  }

  RestoreTask of(Slot slot) {
    String words = (slot.logical() ? "logical slot " : "physical slot ") + slot.name();
    Optional<Slot> there = target.slot(slot.name());
    if (there.isPresent()) {
      return new RestoreTask(
          slot.database(),
          "leave " + words + ", which is there",
          session -> compare(session, slot, there.get()));
    }
    if (!slot.logical()) {
      return new RestoreTask("", "create " + words, session -> createPhysical(session, slot));
    }
    return new RestoreTask(
        slot.database(),
        "create "
            + words
            + ", which begins now: its consumer never gets what came after "
            + place(slot),
        session -> createLogical(session, slot));
  }

  private String place(Slot slot) {
    Lineage.Beginning from = beginning(slot);
    return from.lsn().map(Lsn::toString).orElse("its last position, unknown here") + from.note();
  }

  private Lineage.Beginning beginning(Slot slot) {
    Lsn position = wishes.consumers().getOrDefault(slot.name(), slot.confirmed());
    Lineage.Beginning from = lineage.on(target.standing(), target.history(), position);
    return from.lsn().isEmpty()
        ? new Lineage.Beginning(from.lsn(), " because " + from.note())
        : from;
  }

  private void compare(Session session, Slot slot, Slot there) throws SQLException {
    if (!there.isDefinedAs(slot)) {
      context.report(
          Finding.warning(
              slot.name(),
              "A slot of this name is there and defined otherwise: it was left as it is",
              "Drop it with PostgresSlots and restore again"));
    } else if (there.invalidated()) {
      context.report(
          Finding.warning(
              slot.name(),
              "The slot is there, but was invalidated: its consumer gets nothing from it",
              "Drop it and create it again with PostgresSlots"));
    } else if (wishes.consumers().containsKey(slot.name()) && there.logical()) {
      report(session, there, beginning(slot));
    }
  }

  private void createPhysical(Session session, Slot slot) throws BackupException {
    new SlotCreation(session, wishes.limit()).create(slot);
    if (!slot.restart().equals(Lsn.NONE)) {
      context.report(
          Finding.info(
              slot.name(),
              "The slot keeps the log from now on: whoever was at "
                  + slot.restart()
                  + " gets what is missing from an archive, or is copied anew"));
    }
  }

  private void createLogical(Session session, Slot slot) throws BackupException, SQLException {
    boolean reduced = slot.failover() && !target.knowsFailover();
    Slot wanted = reduced ? slot.withoutFailover() : slot;
    Slot now = new SlotCreation(session, wishes.limit()).create(wanted);
    report(session, now, beginning(slot));
    if (reduced) {
      context.report(
          Finding.warning(
              slot.name(),
              "Standbys of a server below 17 keep no copy of a slot, as they did",
              "Restore to 17 or newer, or recreate it after each failover"));
    }
  }

  private void report(Session session, Slot now, Lineage.Beginning from) throws SQLException {
    SlotGap gap = new SlotGap(now.name(), from.lsn(), now.confirmed());
    gaps.add(gap);
    if (!gap.isEmpty()) {
      context.report(
          Finding.warning(
              now.name(),
              lost(gap, from.note()),
              "Re-snapshot " + tables(session, now) + " in the consumer of this slot"));
    }
  }

  private static String lost(SlotGap gap, String note) {
    if (gap.from().isEmpty()) {
      return "Its consumer may have lost every change before " + gap.to() + note;
    }
    return "Changes between "
        + gap.from().get()
        + " and "
        + gap.to()
        + " ("
        + gap.bytes().orElse(0)
        + " bytes of log) never reach the consumer of this slot"
        + note;
  }

  private static String tables(Session session, Slot slot) throws SQLException {
    List<String> tables =
        slot.plugin().equals("pgoutput")
            ? new Catalog(session)
                .published().stream().map(each -> SqlText.name(each.schema(), each.name())).toList()
            : List.of();
    if (tables.isEmpty()) {
      return "every table that changed, of database " + SqlText.name(slot.database()) + ",";
    }
    return "tables "
        + tables.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (tables.size() > NAMED ? " and " + (tables.size() - NAMED) + " more" : "");
  }
}
