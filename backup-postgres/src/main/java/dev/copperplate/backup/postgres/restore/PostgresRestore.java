package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.postgres.basebackup.BackupLabel;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import dev.copperplate.backup.postgres.inventory.BaseReach;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.StoredWal;
import dev.copperplate.backup.postgres.inventory.WalSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;

/** One restore: plans, announces, writes, and puts the control file last. */
public final class PostgresRestore {

  private static final EntryPath CONTROL = EntryPath.of("/cluster/global/pg_control");
  private static final EntryPath LABEL = CombinedCluster.ROOT.child(BackupLabel.NAME);
  private static final EntryPath SETTINGS = CombinedCluster.ROOT.child("postgresql.auto.conf");
  private static final EntryPath CONFIGURATION =
      CombinedCluster.ROOT.child(StoredConfiguration.NAME);
  private static final int MAX_SETTINGS = 1 << 20;
  private static final int MAX_CONTROL = 8192;

  /** Written anew, or of a server that does not run any more. */
  private static final List<String> OMITTED =
      List.of(
          BackupManifest.NAME,
          "postgresql.auto.conf",
          "recovery.signal",
          "standby.signal",
          "recovery.conf",
          "tablespace_map",
          "postmaster.pid",
          "postmaster.opts");

  private final BaseChain chain;
  private final RestoreChoices choices;
  private final RestoreContext context;
  private final BaseFacts facts;

  public PostgresRestore(BaseChain chain, RestoreChoices choices, RestoreContext context) {
    this.chain = chain;
    this.choices = choices;
    this.context = context;
    this.facts = chain.facts();
  }

  public RestoreReport run() throws IOException, InterruptedException {
    requireExpected();
    byte[] control = read(CONTROL, MAX_CONTROL);
    byte[] label = read(LABEL, BackupLabel.MAX_BYTES);
    requireFits(label);
    SortedMap<String, Path> tablespaces = TablespacePlaces.of(chain.newest(), facts, choices);
    Destinations places = destinations(tablespaces);
    places.require();
    StoredManifest manifest = StoredManifest.of(chain.newest(), facts);
    CombinedCluster cluster = new CombinedCluster(chain, manifest.algorithm());
    Optional<StoredConfiguration> configuration = configuration();
    Map<String, byte[]> replaced = replaced(label, configuration);
    Set<EntryPath> omitted = omitted(tablespaces, replaced.keySet());
    ClusterView data = new ClusterView(cluster, CombinedCluster.ROOT, omitted);
    ClusterCensus census = ClusterCensus.of(cluster, manifest);
    WalPlan wal = WalPlan.of(reaches(), choices, context.snapshots());
    byte[] settings = settings(wal);
    RestorePlan plan = plan(census, wal, tablespaces);
    context.begin(plan);
    context.expect(census.files() + wal.segments().size(), plan.bytes());

    places.make();
    writeFiles(data, cluster, tablespaces);
    new WalWriting(choices.wal(), context, base()).write(wal);
    for (Map.Entry<String, byte[]> each : replaced.entrySet()) {
      write(each.getKey(), each.getValue());
    }
    write("postgresql.auto.conf", settings);
    write("recovery.signal", new byte[0]);
    manifest.write(choices.data().resolve(BackupManifest.NAME), cluster, replaced);
    link(tablespaces);
    for (Path each : places.all()) {
      NewFiles.forceAll(each, context.workers());
    }
    writeControl(control);
    reportRemarks(configuration);
    return report(plan, census, wal);
  }

  // ---- before the first change

  private void requireExpected() throws BackupException {
    if (choices.identity().filter(each -> !each.equals(facts.identity())).isPresent()) {
      throw invalid(
          "it is of the system "
              + facts.identity()
              + ", and "
              + choices.identity().get()
              + " was expected");
    }
  }

  private void requireFits(byte[] label) throws BackupException {
    BackupLabel read;
    try {
      read = BackupLabel.parse(label);
    } catch (IllegalArgumentException wrong) {
      throw new BackupException(
          Kind.DAMAGED, "The base is not restored: " + wrong.getMessage() + ". Use another", wrong);
    }
    if (!read.start().equals(facts.start())
        || read.incrementalFrom().isPresent() != facts.incremental()) {
      throw invalid("its backup_label says something else than its manifest");
    }
  }

  private BackupException invalid(String why) {
    return new BackupException(
        Kind.INVALID, "Base " + chain.newest().snapshot().run() + " is not restored: " + why);
  }

  private Destinations destinations(SortedMap<String, Path> tablespaces) {
    List<Path> all = new ArrayList<>();
    all.add(choices.data());
    all.add(choices.wal());
    all.addAll(tablespaces.values());
    return new Destinations(all);
  }

  private static Set<EntryPath> omitted(SortedMap<String, Path> tablespaces, Set<String> replaced) {
    Set<EntryPath> omitted = new HashSet<>();
    replaced.forEach(each -> omitted.add(CombinedCluster.ROOT.child(each)));
    OMITTED.forEach(each -> omitted.add(CombinedCluster.ROOT.child(each)));
    tablespaces.keySet().forEach(each -> omitted.add(TablespacePlaces.ROOT.child(each)));
    omitted.add(CONTROL);
    return omitted;
  }

  private List<BaseReach> reaches() throws IOException {
    String name = chain.newest().snapshot().source().name();
    StoredWal wal = new WalSearch(context.snapshots(), name, context::report).of(facts.cluster());
    return BaseReach.all(base(), wal);
  }

  private StoredBase base() {
    return new StoredBase(chain.newest().snapshot(), facts);
  }

  private Optional<StoredConfiguration> configuration() throws IOException {
    return chain.newest().entry(CONFIGURATION).isPresent()
        ? Optional.of(StoredConfiguration.parse(read(CONFIGURATION, MAX_SETTINGS)))
        : Optional.empty();
  }

  /** Files that are not as they were stored, by name, and what is in them. */
  private Map<String, byte[]> replaced(byte[] label, Optional<StoredConfiguration> configuration) {
    Map<String, byte[]> replaced = new HashMap<>();
    replaced.put(BackupLabel.NAME, BackupLabel.combined(label));
    configuration
        .filter(StoredConfiguration::leadsElsewhere)
        .ifPresent(each -> replaced.put(StoredConfiguration.NAME, each.at(choices.data())));
    return replaced;
  }

  private byte[] settings(WalPlan wal) throws IOException {
    int timeline = wal.reach().way().timeline();
    OptionalInt other =
        timeline == facts.timeline() ? OptionalInt.empty() : OptionalInt.of(timeline);
    byte[] stored =
        chain.newest().entry(SETTINGS).isPresent() ? read(SETTINGS, MAX_SETTINGS) : new byte[0];
    return new RecoverySettings(choices, other, facts.major()).appendedTo(stored);
  }

  private byte[] read(EntryPath path, int most) throws IOException {
    Entry entry =
        chain
            .newest()
            .entry(path)
            .filter(each -> each.type() == EntryType.FILE && each.size() <= most)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.DAMAGED,
                        "The base is not restored: it has no "
                            + path
                            + ", or not one that can be. Use another"));
    try (InputStream in = chain.newest().open(entry, ByteRange.ALL)) {
      return in.readNBytes(most);
    }
  }

  private RestorePlan plan(ClusterCensus census, WalPlan wal, SortedMap<String, Path> tablespaces) {
    List<String> steps = new ArrayList<>();
    int bases = chain.older().size() + 1;
    steps.add(
        "Write "
            + census.files()
            + " files of "
            + (bases == 1 ? "a full base" : "a chain of " + bases + " bases")
            + " below "
            + choices.data());
    tablespaces.forEach(
        (number, place) -> steps.add("Write tablespace " + number + " to " + place));
    steps.add("Write " + wal.segments().size() + " segments of WAL below " + choices.wal());
    steps.add(
        "Set the server up to recover to "
            + choices.target()
            + " along timeline "
            + wal.reach().way().timeline());
    steps.add(
        choices.replacement()
            ? "Let the server archive, subscribe and load libraries as the lost one did"
            : "Let the server archive nothing, subscribe to nothing and load no libraries");
    return new RestorePlan(
        choices.data().toString(), steps, List.of(), census.bytes() + wal.bytes());
  }

  // ---- writing

  private void writeFiles(
      ClusterView data, CombinedCluster cluster, SortedMap<String, Path> tablespaces)
      throws IOException, InterruptedException {
    FilesContext files = new FilesContext(context);
    FilesRestorer.to(choices.data()).restore(data, files);
    for (Map.Entry<String, Path> each : tablespaces.entrySet()) {
      EntryPath stored = TablespacePlaces.ROOT.child(each.getKey());
      FilesRestorer.to(each.getValue()).restore(new ClusterView(cluster, stored, Set.of()), files);
    }
    if (files.complaints() > 0) {
      throw new BackupException(
          Kind.DAMAGED,
          "The data directory "
              + choices.data()
              + " is not whole, and no server will start on it: "
              + files.complaints()
              + " findings name what is missing. Restore another base");
    }
  }

  private void write(String name, byte[] content) throws IOException {
    NewFiles.write(choices.data().resolve(name), content);
  }

  private void link(SortedMap<String, Path> tablespaces) throws IOException {
    for (Map.Entry<String, Path> each : tablespaces.entrySet()) {
      Path link = choices.data().resolve("pg_tblspc").resolve(each.getKey());
      Files.createSymbolicLink(link, each.getValue());
    }
  }

  private void writeControl(byte[] control) throws IOException {
    Path directory = choices.data().resolve("global");
    Path file = directory.resolve("pg_control");
    NewFiles.write(file, control);
    NewFiles.force(file);
    NewFiles.force(directory);
  }

  // ---- afterwards

  private void reportRemarks(Optional<StoredConfiguration> configuration) throws IOException {
    if (!choices.replacement()) {
      remark(
          "Settings that were attached to databases and roles, and event triggers before PostgreSQL"
              + " 17, act when somebody connects. Connect first with PGOPTIONS='"
              + RecoverySettings.aloof(facts.major())
              + "' to template1, as a superuser, and say DELETE FROM pg_db_role_setting");
    }
    configuration
        .map(StoredConfiguration::filesElsewhere)
        .orElse(Set.of())
        .forEach(this::elsewhere);
    if (!Files.exists(choices.data().resolve(StoredConfiguration.NAME))) {
      remark(
          "The base holds no postgresql.conf: the server had it elsewhere. Start the restored one"
              + " with -c config_file=…");
    }
    if (Files.getOwner(choices.data()).getName().equals("root")) {
      remark(
          "The files belong to root, and the server does not run as root. Give "
              + choices.data()
              + ", "
              + choices.wal()
              + " and the places of tablespaces to its user (chown -R)");
    }
  }

  private void elsewhere(String setting) {
    remark(
        "postgresql.conf sets "
            + setting
            + ", so the server takes that file from where it was, if it is there, and not from"
            + " this directory. Start it with -c "
            + setting
            + "=… if it should be another");
  }

  private void remark(String message) {
    context.report(Finding.info(choices.data().toString(), message));
  }

  private RestoreReport report(RestorePlan plan, ClusterCensus census, WalPlan wal) {
    Map<String, String> learnt = new HashMap<>();
    learnt.put("identity", facts.identity());
    learnt.put("timeline", Integer.toString(wal.reach().way().timeline()));
    learnt.put("start-lsn", facts.start().toString());
    learnt.put("consistent-lsn", facts.end().toString());
    learnt.put("reach-lsn", wal.reach().end().toString());
    learnt.put("wal-directory", choices.wal().toString());
    learnt.put("chain", Integer.toString(chain.older().size() + 1));
    Optional<Instant> point =
        choices.target() instanceof RecoveryTarget.Time time
            ? Optional.of(time.instant())
            : Optional.empty();
    return new RestoreReport(
        plan, point, learnt, census.files() + wal.segments().size(), plan.bytes(), List.of());
  }
}
