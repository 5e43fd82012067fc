package dev.copperplate.samples;

import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.postgres.PostgresSlots;
import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.SlotState;
import dev.copperplate.backup.postgres.SlotStep;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lists the replication slots of a PostgreSQL server: how far behind each is, what holds it, and
 * what can be done, with its SQL. Changes nothing.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ListSlots \
 *     --server jdbc:postgresql://HOST/DATABASE --user ROLE --server-password-file FILE
 * </pre>
 *
 * <p>Exit code 3 means that a slot does not work as it should, and a person has to look.
 */
public final class ListSlots {

  private static final String TOLERATE = "--tolerate-bytes";

  static final Program PROGRAM =
      new Program(
          "list-slots",
          new Syntax(
              "ListSlots",
              "Lists the replication slots of a PostgreSQL server, and what can be done for them.",
              "",
              PostgresAccess.serverOptions(
                  "any role; pg_monitor sees who holds what",
                  Option.optional(
                      TOLERATE, "B", "how much log may be behind one in use; 1 GiB unless told"))),
          ListSlots::run);

  private ListSlots() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, UsageException {
    return summary(slots(arguments).inspect());
  }

  private static PostgresSlots slots(Arguments arguments) throws UsageException {
    PostgresServer server = PostgresAccess.server(arguments);
    PostgresSlots slots = PostgresSlots.of(server);
    return arguments.has(TOLERATE)
        ? Arguments.checked(() -> slots.tolerating(Long.parseLong(arguments.required(TOLERATE))))
        : slots;
  }

  private static Summary summary(List<SlotState> slots) {
    boolean well = slots.stream().allMatch(each -> each.condition() == SlotState.Condition.WORKING);
    Summary summary =
        new Summary("list-slots", well ? ExitCode.SUCCESS : ExitCode.PARTIAL)
            .put("slots", slots.stream().map(ListSlots::fields).toList());
    for (SlotState each : slots) {
      summary.line(line(each));
      each.holders().forEach(holder -> summary.line("  held by " + holder));
      each.steps().forEach(step -> describe(step, summary));
    }
    return summary.line(slots.size() + " slots");
  }

  private static String line(SlotState slot) {
    return String.format(
        Locale.ROOT,
        "%s  %s  %s behind, %s of log kept%s%s",
        slot.name(),
        Words.lower(slot.condition()),
        Bytes.text(slot.lag()),
        Bytes.text(slot.retained()),
        slot.inactiveSince().isEmpty() ? "" : ", unused since " + slot.inactiveSince(),
        slot.invalidation().isEmpty() ? "" : ", invalidated: " + slot.invalidation());
  }

  private static void describe(SlotStep step, Summary summary) {
    summary.line("  - " + step);
    step.sql().lines().forEach(each -> summary.line("      " + each));
  }

  private static Map<String, Object> fields(SlotState slot) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", slot.name());
    fields.put("plugin", slot.plugin());
    fields.put("database", slot.database());
    fields.put("condition", slot.condition().name());
    fields.put("lag", slot.lag());
    fields.put("retained", slot.retained());
    fields.put("walStatus", slot.walStatus());
    fields.put("inactiveSince", slot.inactiveSince());
    fields.put("holders", slot.holders().stream().map(SlotHolder::toString).toList());
    fields.put("steps", slot.steps().stream().map(ListSlots::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(SlotStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", step.name());
    fields.put("effect", step.effect());
    fields.put("destructive", step.isDestructive());
    fields.put("database", step.database());
    fields.put("sql", step.sql());
    return fields;
  }
}
