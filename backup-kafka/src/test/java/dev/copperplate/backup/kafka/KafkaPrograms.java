package dev.copperplate.backup.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A folder like {@code bin} of a Kafka installation, with its own programs from Maven's jars. */
final class KafkaPrograms {

  private static final Map<String, String> MAINS =
      Map.of(
          "kafka-storage.sh", "kafka.tools.StorageTool",
          "kafka-server-start.sh", "kafka.Kafka",
          "kafka-topics.sh", "org.apache.kafka.tools.TopicCommand",
          "kafka-delete-records.sh", "org.apache.kafka.tools.DeleteRecordsCommand",
          "kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
          "kafka-acls.sh", "org.apache.kafka.tools.AclCommand",
          "kafka-dump-log.sh", "kafka.tools.DumpLogSegments");

  private KafkaPrograms() {}

  static Path in(Path folder) throws IOException {
    Path bin = Files.createDirectories(folder);
    for (Map.Entry<String, String> each : MAINS.entrySet()) {
      Path script = bin.resolve(each.getKey());
      Files.writeString(script, script(each.getValue()));
      if (!script.toFile().setExecutable(true)) {
        throw new IOException(script + " cannot be made executable");
      }
    }
    return bin;
  }

  private static String script(String main) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return String.join(
        "\n",
        "#!/bin/sh",
        "exec '"
            + java
            + "' -XX:TieredStopAtLevel=1 -Xmx256m -cp '"
            + classPath()
            + "' "
            + main
            + " \"$@\"",
        "");
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }
}
