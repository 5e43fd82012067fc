package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.SlotGap;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One restore of replication objects. */
public final class ReplicationRestore {

  private final Server server;
  private final String destination;
  private final RestoreWishes wishes;
  private final RestoreContext context;

  /**
   * @param destination how people call the server
   */
  public ReplicationRestore(
      Server server, String destination, RestoreWishes wishes, RestoreContext context) {
    this.server = server;
    this.destination = destination;
    this.wishes = wishes;
    this.context = context;
  }

  /**
   * What was done.
   *
   * @param gaps of logical slots
   */
  public record Result(RestorePlan plan, List<SlotGap> gaps) {}

  public Result run(SnapshotReader snapshot) throws IOException {
    StoredObjects stored = StoredObjects.read(snapshot);
    Selection selection = Selection.of(stored, wishes);
    Lineage lineage = Lineage.of(stored.manifest());
    Target target = target(lineage);
    target.require(
        selection.slots().stream().filter(each -> target.slot(each.name()).isEmpty()).toList());
    SlotTasks slots = new SlotTasks(target, lineage, wishes, context);
    Map<String, List<RestoreTask>> tasks = tasks(selection, target, slots);
    RestorePlan plan = new RestorePlan(destination, steps(tasks), List.of(), 0);
    context.begin(plan);
    for (Map.Entry<String, List<RestoreTask>> each : tasks.entrySet()) {
      run(each.getKey(), each.getValue(), target);
    }
    return new Result(plan, List.copyOf(slots.gaps()));
  }

  private Target target(Lineage lineage) throws IOException {
    try (Session session = open(server.database())) {
      return Target.of(session, server, lineage);
    } catch (SQLException e) {
      throw Connections.failure("Looking at " + destination, e);
    }
  }

  /** By database, in order; within it publications first, which slots have to know. */
  private Map<String, List<RestoreTask>> tasks(Selection selection, Target target, SlotTasks slots)
      throws IOException {
    PublicationTasks publications =
        new PublicationTasks(publications(selection, target.databases()), context);
    SubscriptionTasks subscriptions = new SubscriptionTasks(target, context);
    Map<String, List<RestoreTask>> tasks = new TreeMap<>();
    Stream.of(
            selection.publications().stream().map(publications::of),
            selection.slots().stream().map(slots::of),
            selection.subscriptions().stream().map(subscriptions::of))
        .flatMap(each -> each)
        .forEach(
            each -> tasks.computeIfAbsent(each.database(), none -> new ArrayList<>()).add(each));
    return tasks;
  }

  private Map<String, List<Publication>> publications(Selection selection, List<String> databases)
      throws IOException {
    Map<String, List<Publication>> existing = new LinkedHashMap<>();
    for (Publication each : selection.publications()) {
      if (databases.contains(each.database()) && !existing.containsKey(each.database())) {
        existing.put(each.database(), publications(each.database()));
      }
    }
    return existing;
  }

  private List<Publication> publications(String database) throws IOException {
    try (Session session = open(database)) {
      return new Catalog(session).publications();
    } catch (SQLException e) {
      throw Connections.failure("Looking at database " + database + " of " + destination, e);
    }
  }

  private static List<String> steps(Map<String, List<RestoreTask>> tasks) {
    return tasks.values().stream()
        .flatMap(List::stream)
        .map(
            each ->
                each.database().isEmpty()
                    ? each.words()
                    : "in database " + SqlText.name(each.database()) + ": " + each.words())
        .toList();
  }

  private void run(String database, List<RestoreTask> tasks, Target target) throws IOException {
    if (!database.isEmpty() && !target.databases().contains(database)) {
      context.report(
          Finding.error(
              database,
              "No database of this name takes connections: nothing of it was restored",
              "Restore the database, then this again"));
      return;
    }
    try (Session session = open(database.isEmpty() ? server.database() : database)) {
      for (RestoreTask each : tasks) {
        run(each, session);
      }
    } catch (SQLException e) {
      throw Connections.failure("Restoring in database " + database + " of " + destination, e);
    }
  }

  /** What one object does not allow does not keep others from coming back. */
  private void run(RestoreTask task, Session session) throws SQLException {
    try {
      task.work().run(session);
    } catch (BackupException e) {
      context.report(Finding.error(task.words(), String.valueOf(e.getMessage()), ""));
    }
  }

  private Session open(String database) throws IOException, SQLException {
    return context.attach(new Session(server.connect(database), wishes.limit()));
  }
}
