package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.slots.Catalog.Database;
import dev.copperplate.backup.postgres.slots.Subscription.Address;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One snapshot of replication objects on its way into a repository. */
public final class ReplicationCapture {

  /** Catalogs answer at once; who waits for longer has met a lock. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final SourceId source;
  private final Server server;
  private final SnapshotWriter writer;
  private final CaptureContext context;

  public ReplicationCapture(
      SourceId source, Server server, SnapshotWriter writer, CaptureContext context) {
    this.source = source;
    this.server = server;
    this.writer = writer;
    this.context = context;
  }

  /** Takes the snapshot, or leaves none. */
  public void run() throws IOException {
    List<Database> databases;
    List<Slot> slots;
    List<Subscription> subscriptions;
    Standing standing;
    try (Session session = open(server.database())) {
      Catalog catalog = new Catalog(session);
      databases = catalog.databases();
      slots = settled(catalog.slots());
      subscriptions = catalog.subscriptions();
      standing = Standing.of(session);
    } catch (SQLException e) {
      throw Connections.failure("Reading slots and subscriptions", e);
    }
    List<Publication> publications = publications(databases);
    reportHidden(subscriptions, standing.role());
    write(slots, publications, subscriptions);
    facts(standing, slots, publications, subscriptions);
  }

  private Session open(String database) throws IOException, SQLException {
    return context.attach(new Session(server.connect(database), LIMIT));
  }

  private List<Slot> settled(List<Slot> slots) {
    for (Slot each : slots) {
      if (each.beingCreated()) {
        context.report(Finding.info(each.name(), "The slot is just being created: left out"));
      }
    }
    return slots.stream().filter(each -> !each.beingCreated()).toList();
  }

  private List<Publication> publications(List<Database> databases) throws IOException {
    List<Publication> publications = new ArrayList<>();
    for (Database each : databases) {
      if (each.open()) {
        publications.addAll(publications(each.name()));
      } else {
        context.report(
            Finding.warning(
                each.name(),
                "The role may not connect to this database: its publications are not captured",
                "GRANT CONNECT ON DATABASE " + SqlText.name(each.name()) + " to the role"));
      }
    }
    return publications;
  }

  private List<Publication> publications(String database) throws IOException {
    try (Session session = open(database)) {
      return new Catalog(session).publications();
    } catch (SQLException e) {
      throw Connections.failure("Reading the publications of database " + database, e);
    }
  }

  private void reportHidden(List<Subscription> subscriptions, String role) {
    for (Subscription each : subscriptions) {
      if (each.address() == Address.DENIED) {
        context.report(
            Finding.warning(
                each.name(),
                "The role may not read where this subscription of database "
                    + each.database()
                    + " connects to: it is captured without its connection string",
                "GRANT pg_read_all_data TO "
                    + SqlText.name(role)
                    + "; the password is never read"));
      } else if (each.address() == Address.UNREADABLE) {
        context.report(
            Finding.warning(
                each.name(),
                "The connection string of this subscription of database "
                    + each.database()
                    + " may hold its password in an unusual place: it is captured without it",
                "Write it as keywords and values: ALTER SUBSCRIPTION … CONNECTION 'host=… user=… password=…'"));
      }
    }
  }

  private void write(
      List<Slot> slots, List<Publication> publications, List<Subscription> subscriptions)
      throws IOException {
    lines(Layout.SLOTS, slots.stream().map(Slot::line));
    lines(Layout.PUBLICATIONS, publications.stream().map(Publication::line));
    lines(Layout.SUBSCRIPTIONS, subscriptions.stream().map(Subscription::line));
    boolean physical = slots.stream().anyMatch(each -> !each.logical());
    if (physical) {
      text(Layout.PHYSICAL_SLOTS, Script.ofPhysical(slots));
    }
    SortedSet<String> databases = new TreeSet<>();
    slots.stream().filter(Slot::logical).forEach(each -> databases.add(each.database()));
    publications.forEach(each -> databases.add(each.database()));
    subscriptions.forEach(each -> databases.add(each.database()));
    for (String each : databases) {
      text(Layout.script(each), Script.of(each, slots, publications, subscriptions));
    }
    text(Layout.GUIDE, Guide.text(source, List.copyOf(databases), physical));
  }

  private void lines(EntryPath path, Stream<Line> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Line each : lines.toList()) {
      text.append(each.toJson()).append('\n');
    }
    text(path, text.toString());
  }

  private void text(EntryPath path, String text) throws IOException {
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  private void facts(
      Standing standing,
      List<Slot> slots,
      List<Publication> publications,
      List<Subscription> subscriptions) {
    writer.fact(ReplicationFacts.KIND, ReplicationFacts.REPLICATION);
    if (!standing.identity().isEmpty()) {
      writer.fact(Manifest.IDENTITY, standing.identity());
    }
    writer.fact(ReplicationFacts.SERVER_VERSION, Integer.toString(standing.version()));
    writer.fact(ReplicationFacts.TIMELINE, Integer.toString(standing.timeline()));
    writer.fact(ReplicationFacts.LSN, standing.lsn().toString());
    writer.fact(ReplicationFacts.SLOTS, Integer.toString(slots.size()));
    writer.fact(ReplicationFacts.PUBLICATIONS, Integer.toString(publications.size()));
    writer.fact(ReplicationFacts.SUBSCRIPTIONS, Integer.toString(subscriptions.size()));
  }
}
