package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.kafka.cluster.CommittedOffset;
import dev.copperplate.backup.kafka.cluster.Group;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Kafka's own programs take: commands that make the topics, and where their logs start. */
final class StockFiles {

  private static final EntryPath TOPICS = EntryPath.of("cluster/create-topics.sh");
  private static final EntryPath OFFSETS = EntryPath.of("cluster/group-offsets.csv");
  private static final EntryPath GROUPS = EntryPath.of("cluster/reset-groups.sh");
  private static final EntryPath STARTS = EntryPath.of("cluster/log-starts.json");

  private static final String SHARE = "Share";
  private static final int GROUPS_A_COMMAND = 500;

  private final SnapshotWriter writer;

  StockFiles(SnapshotWriter writer) {
    this.writer = writer;
  }

  /** A shell script that makes the topics, of one replica, where {@code $bootstrap} says. */
  void topics(List<TopicMetadata> topics) throws IOException {
    String commands =
        topics.stream()
            .filter(each -> !each.internal())
            .map(StockFiles::command)
            .collect(Collectors.joining());
    write(TOPICS, commands);
  }

  private static String command(TopicMetadata topic) {
    StringBuilder command =
        new StringBuilder(program("kafka-topics.sh"))
            .append(" --create --topic ")
            .append(topic.name())
            .append(" --partitions ")
            .append(topic.partitions().size())
            .append(" --replication-factor 1");
    for (Map.Entry<String, @Nullable String> each : topic.overrides().entrySet()) {
      // What names replicas or a minimum of them does not fit one broker.
      if (each.getValue() != null && !each.getKey().contains("replica")) {
        command.append(" --config ").append(quoted(each.getKey() + "=" + each.getValue()));
      }
    }
    return command.append('\n').toString();
  }

  private static String program(String name) {
    return "\"$kafka/" + name + "\" --bootstrap-server \"$bootstrap\"";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** What {@code kafka-delete-records.sh} takes: first files may begin before the logs did. */
  void starts(Map<String, List<StoredPartition>> topics) throws IOException {
    String partitions =
        topics.entrySet().stream()
            .flatMap(
                topic ->
                    topic.getValue().stream()
                        .map(
                            each ->
                                "{\"topic\":\""
                                    + topic.getKey()
                                    + "\",\"partition\":"
                                    + each.partition()
                                    + ",\"offset\":"
                                    + each.from()
                                    + "}"))
            .collect(Collectors.joining(",\n"));
    write(STARTS, "{\"version\":1,\"partitions\":[\n" + partitions + "]}\n");
  }

  /**
   * What {@code kafka-consumer-groups.sh} takes: the offsets that groups have in these topics. The
   * caller closes it.
   */
  GroupLines groups(Set<String> topics) throws IOException {
    return new GroupLines(writer.file(OFFSETS, Attributes.PLAIN), topics);
  }

  /** Takes in one group after the other. Without {@link #commit} there is no file. */
  final class GroupLines implements Closeable {
    private final EntryOutput out;
    private final Set<String> topics;
    private final List<String> names = new ArrayList<>();

    private GroupLines(EntryOutput out, Set<String> topics) {
      this.out = out;
      this.topics = topics;
    }

    void add(Group group) throws IOException {
      if (group.type().equals(SHARE)) {
        return;
      }
      List<CommittedOffset> offsets =
          group.offsets().stream().filter(each -> topics.contains(each.topic())).toList();
      for (CommittedOffset each : offsets) {
        String line =
            cell(group.id()) + "," + each.topic() + "," + each.partition() + "," + each.offset();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      if (!offsets.isEmpty()) {
        names.add(group.id());
      }
    }

    void commit() throws IOException {
      out.commit();
      StringBuilder commands = new StringBuilder();
      for (int from = 0; from < names.size(); from += GROUPS_A_COMMAND) {
        commands.append(program("kafka-consumer-groups.sh")).append(" --reset-offsets");
        names
            .subList(from, Math.min(names.size(), from + GROUPS_A_COMMAND))
            .forEach(each -> commands.append(" --group ").append(quoted(each)));
        commands.append(" --from-file \"$work/cluster/group-offsets.csv\" --execute\n");
      }
      write(GROUPS, commands.toString());
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static String cell(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private void write(EntryPath path, String text) throws IOException {
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
