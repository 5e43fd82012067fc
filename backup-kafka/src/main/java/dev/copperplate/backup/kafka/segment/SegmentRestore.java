package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Task;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One restore onto one log directory. */
public final class SegmentRestore {

  private static final int NAMED = 10;

  private final SegmentChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final ChosenTopics stored;

  public SegmentRestore(SegmentChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
    this.stored = new ChosenTopics(snapshot);
  }

  /** Does it. */
  public RestoreReport run() throws IOException, InterruptedException {
    Path logDirectory = logDirectory();
    requireBroker(logDirectory);
    BrokerLock lock = BrokerLock.take(logDirectory);
    try {
      return run(logDirectory);
    } finally {
      lock.close();
    }
  }

  private RestoreReport run(Path logDirectory) throws IOException, InterruptedException {
    Map<StoredTopic, List<PartitionTask>> tasks = tasks(logDirectory);
    List<PartitionTask> all = tasks.values().stream().flatMap(List::stream).toList();
    Set<String> names = all.stream().map(PartitionTask::name).collect(Collectors.toSet());
    if (all.isEmpty()) {
      throw new AbsentTopics(tasks.keySet(), logDirectory).exception();
    }
    UnfinishedRestore unfinished = new UnfinishedRestore(logDirectory);
    SortedSet<String> begun = unfinished.partitions();
    requireCovered(begun, names, logDirectory);
    List<PartitionTask> replaced =
        all.stream()
            .filter(each -> each.directory().records() && !begun.contains(each.name()))
            .toList();
    requireReplacing(replaced);
    Checkpoints checkpoints = Checkpoints.read(logDirectory);
    remark(tasks, logDirectory);
    RestorePlan plan = plan(tasks, replaced, logDirectory);
    context.expect(
        all.stream().mapToLong(each -> each.partition().files().size()).sum(), plan.bytes());
    context.begin(plan);

    unfinished.begin(names);
    Map<PartitionTask, RestoredLog> logs = restore(all);
    checkpoints.write(logs);
    PlacedFiles.force(logDirectory);
    unfinished.end();
    return report(plan, logs);
  }

  // ---- before the first change

  private Path logDirectory() throws IOException {
    Path chosen = choices.logDirectory();
    if (!Files.isDirectory(chosen)) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "There is no directory "
              + chosen
              + ": name one of log.dirs of a broker, on the machine of that broker");
    }
    return chosen.toRealPath();
  }

  private static void requireBroker(Path logDirectory) throws BackupException {
    if (!Files.isRegularFile(logDirectory.resolve("meta.properties"))) {
      throw new BackupException(
          Kind.INVALID,
          logDirectory
              + " is no log directory of a broker, it has no meta.properties: name one of log.dirs");
    }
  }

  private Map<StoredTopic, List<PartitionTask>> tasks(Path logDirectory) throws IOException {
    Map<StoredTopic, List<PartitionTask>> tasks = new LinkedHashMap<>();
    for (StoredTopic topic : stored.chosen(choices)) {
      List<PartitionTask> here = new ArrayList<>();
      for (int number : topic.partitions()) {
        Optional<PartitionDirectory> directory =
            PartitionDirectory.find(logDirectory, PartitionTask.name(topic, number));
        if (directory.isPresent()) {
          here.add(new PartitionTask(topic, stored.partition(topic, number), directory.get()));
        }
      }
      tasks.put(topic, here);
    }
    return tasks;
  }

  private static void requireCovered(SortedSet<String> begun, Set<String> names, Path logDirectory)
      throws BackupException {
    SortedSet<String> left = new TreeSet<>(begun);
    left.removeAll(names);
    if (!left.isEmpty()) {
      throw new BackupException(
          Kind.CONFLICT,
          "Restore onto "
              + logDirectory
              + " refused, nothing was changed: an earlier one did not end and left "
              + named(left)
              + " half done. Choose these as well; or empty their directories but for"
              + " partition.metadata, and remove "
              + UnfinishedRestore.NAME);
    }
  }

  private void requireReplacing(List<PartitionTask> replaced) throws BackupException {
    if (!replaced.isEmpty() && !choices.replacing()) {
      throw new BackupException(
          Kind.CONFLICT,
          "Restore onto "
              + choices.logDirectory()
              + " refused, nothing was changed: there are records in "
              + named(replaced.stream().map(PartitionTask::name).toList())
              + ". Give the topics other names with renamed(), or lose these records with"
              + " replacing()");
    }
  }

  private static String named(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    String first = all.stream().limit(NAMED).collect(Collectors.joining(", "));
    return all.size() > NAMED ? first + " and " + (all.size() - NAMED) + " more" : first;
  }

  private void remark(Map<StoredTopic, List<PartitionTask>> tasks, Path logDirectory)
      throws IOException {
    TopicRemarks remarks = new TopicRemarks(context.clock().instant(), context::report);
    for (Map.Entry<StoredTopic, List<PartitionTask>> each : tasks.entrySet()) {
      StoredTopic topic = each.getKey();
      List<PartitionTask> here = each.getValue();
      remarks.of(topic, here);
      Set<Integer> numbers = here.stream().map(PartitionTask::number).collect(Collectors.toSet());
      List<String> absent =
          topic.partitions().stream()
              .filter(number -> !numbers.contains(number))
              .map(String::valueOf)
              .toList();
      if (!absent.isEmpty()) {
        context.report(
            Finding.info(
                topic.name(),
                "Partitions "
                    + named(absent)
                    + " have no directory in "
                    + logDirectory
                    + ": restore them where their replicas are"));
      }
    }
    remarkOthers(tasks.keySet(), logDirectory);
  }

  /** Keys go to other partitions where there are more of them. */
  private void remarkOthers(Set<StoredTopic> topics, Path logDirectory) throws IOException {
    Set<String> known = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (StoredTopic topic : topics) {
      prefixes.add(topic.name());
      topic.partitions().forEach(each -> known.add(PartitionTask.name(topic, each)));
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(logDirectory, "*-[0-9]*")) {
      for (Path each : all) {
        String name = String.valueOf(each.getFileName());
        int hyphen = name.lastIndexOf('-');
        if (prefixes.contains(name.substring(0, hyphen))
            && name.substring(hyphen + 1).chars().allMatch(c -> c >= '0' && c <= '9')
            && !known.contains(name)) {
          context.report(
              Finding.warning(
                  name,
                  "The topic has more partitions here than in the snapshot, and this one stays as"
                      + " it is",
                  "Create the topic with as many partitions as it had, else keys go to others"));
        }
      }
    }
  }

  private RestorePlan plan(
      Map<StoredTopic, List<PartitionTask>> tasks,
      List<PartitionTask> replaced,
      Path logDirectory) {
    List<String> steps = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<StoredTopic, List<PartitionTask>> each : tasks.entrySet()) {
      if (!each.getValue().isEmpty()) {
        long size = each.getValue().stream().mapToLong(task -> task.partition().bytes()).sum();
        bytes += size;
        steps.add(
            "Write "
                + each.getValue().size()
                + " partitions of "
                + each.getKey().stored()
                + ", "
                + size
                + " bytes, into the directories of "
                + each.getKey().name());
      }
    }
    steps.add("Set where these logs start and end in the checkpoints of the broker");
    return new RestorePlan(
        logDirectory.toString(),
        steps,
        replaced.stream().map(each -> each.directory().path().toString()).toList(),
        bytes);
  }

  // ---- the changes

  private Map<PartitionTask, RestoredLog> restore(List<PartitionTask> all)
      throws IOException, InterruptedException {
    Map<PartitionTask, Task<RestoredLog>> running = new LinkedHashMap<>();
    for (PartitionTask each : all) {
      running.put(
          each,
          context.workers().submit(() -> new PartitionRestore(each, snapshot, context).run()));
    }
    Map<PartitionTask, RestoredLog> logs = new LinkedHashMap<>();
    for (Map.Entry<PartitionTask, Task<RestoredLog>> each : running.entrySet()) {
      logs.put(each.getKey(), each.getValue().get());
    }
    return logs;
  }

  // ---- afterwards

  private static RestoreReport report(RestorePlan plan, Map<PartitionTask, RestoredLog> logs) {
    long files = logs.values().stream().mapToLong(RestoredLog::files).sum();
    long bytes = logs.values().stream().mapToLong(RestoredLog::bytes).sum();
    long topics = logs.keySet().stream().map(PartitionTask::topic).distinct().count();
    Map<String, String> facts =
        Map.of("topics", Long.toString(topics), "partitions", Integer.toString(logs.size()));
    return new RestoreReport(plan, Optional.empty(), facts, files, bytes, List.of());
  }
}
