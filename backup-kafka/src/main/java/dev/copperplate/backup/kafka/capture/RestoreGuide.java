package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes {@code /.backup/RESTORE.md}: how the topics come back with stock tools alone. */
final class RestoreGuide {

  private static final EntryPath PATH = EntryPath.of(".backup/RESTORE.md");

  private static final String TEXT =
      """
      # Bringing back topics of the Kafka cluster {cluster}

      With restic and the programs of Kafka, nothing else. Say once where things are:

      ```sh
      export RESTIC_REPOSITORY=...        # where this snapshot comes from
      export RESTIC_PASSWORD_FILE=...
      work=/var/tmp/restored              # an empty place with room for the topics
      kafka=/opt/kafka/bin
      bootstrap=127.0.0.1:9092            # a broker is started there
      controller=127.0.0.1:9093
      ```

      ## The files

      ```sh
      restic restore latest --tag run={run} --target "$work"
      ```

      `topics/TOPIC/PARTITION/OFFSET.log` are batches as the brokers stored them. Any of them can be looked into:

      ```sh
      find "$work/topics" -name '*.log' | while read -r file; do
        "$kafka/kafka-dump-log.sh" --files "$file" >"$file.txt"
      done
      ```

      `partition.json` beside them names what is missing, `cluster` has the groups with their offsets, ACLs and quotas.

      ## A broker that has them

      All offsets stay as they were. The broker deletes and compacts nothing, however old the records are.

      ```sh
      cat >"$work/broker.properties" <<EOF
      process.roles=broker,controller
      node.id=1
      controller.quorum.voters=1@$controller
      listeners=PLAINTEXT://$bootstrap,CONTROLLER://$controller
      controller.listener.names=CONTROLLER
      listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
      log.dirs=$work/data
      log.retention.check.interval.ms=9000000000000
      log.cleaner.enable=false
      message.max.bytes=2000000000
      offsets.topic.replication.factor=1
      transaction.state.log.replication.factor=1
      transaction.state.log.min.isr=1
      share.coordinator.state.topic.replication.factor=1
      share.coordinator.state.topic.min.isr=1
      EOF
      "$kafka/kafka-storage.sh" format -t "$("$kafka/kafka-storage.sh" random-uuid)" -c "$work/broker.properties"
      "$kafka/kafka-server-start.sh" "$work/broker.properties" >"$work/broker.log" 2>&1 &
      broker=$!
      until "$kafka/kafka-topics.sh" --bootstrap-server "$bootstrap" --list >/dev/null 2>&1; do sleep 1; done
      . "$work/cluster/create-topics.sh"
      kill "$broker"
      wait "$broker" || true
      ```

      Now the files take the place of the empty ones:

      ```sh
      find "$work/topics" -mindepth 2 -maxdepth 2 -type d | while read -r directory; do
        place="$work/data/$(basename "$(dirname "$directory")")-$(basename "$directory")"
        [ -d "$place" ] || continue
        find "$place" -type f ! -name partition.metadata -delete
        cp "$directory"/*.log "$place" 2>/dev/null || true
      done
      "$kafka/kafka-server-start.sh" "$work/broker.properties" >>"$work/broker.log" 2>&1 &
      broker=$!
      until "$kafka/kafka-topics.sh" --bootstrap-server "$bootstrap" --list >/dev/null 2>&1; do sleep 1; done
      "$kafka/kafka-delete-records.sh" --bootstrap-server "$bootstrap" --offset-json-file "$work/cluster/log-starts.json"
      ```

      ## The groups

      Each resumes where it was, once its consumers connect.

      ```sh
      . "$work/cluster/reset-groups.sh"
      ```

      ## What this broker is for

      Reading. Nobody may write into its topics: it hands out the ids of producers from the start again, and takes what new
      producers send for what the old ones of the same ids have sent already. And they must get no second replica:
      batches remember the epochs of leaders that it never had, and a follower does not get over that.

      Where `partition.json` names `unended` transactions, consumers of committed records wait at the first of them.
      That is how it is ended:

      ```
      "$kafka/kafka-transactions.sh" --bootstrap-server "$bootstrap" abort --topic TOPIC --partition PARTITION --start-offset FIRST
      ```

      Into another cluster the records get with MirrorMaker, or any consumer that writes to where the topics are to live; offsets
      become others there. Copperplate itself brings them back in both ways without these limits.
      """;

  private RestoreGuide() {}

  static void write(SnapshotWriter writer, String cluster, RunId run) throws IOException {
    try (EntryOutput out = writer.file(PATH, Attributes.PLAIN)) {
      String text = TEXT.replace("{cluster}", cluster).replace("{run}", run.value());
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
