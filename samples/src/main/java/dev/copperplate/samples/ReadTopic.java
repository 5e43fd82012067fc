package dev.copperplate.samples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.KafkaRecords;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Prints records of a topic straight from a snapshot, without a broker: a line of JSON each.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ReadTopic \
 *     --repository PLACE --password-file FILE --snapshot ID --topic orders \
 *     [--partition 0] [--from TIME --to TIME] [--key customer-17] [--base64]
 * </pre>
 *
 * <p>Keys and values are text, or Base64 with {@code --base64}. Records of aborted transactions are
 * left out. With {@code --json} the last line says how many records there were.
 */
public final class ReadTopic {

  private static final String SNAPSHOT = "--snapshot";
  private static final String TOPIC = "--topic";
  private static final String PARTITION = "--partition";
  private static final String FROM = "--from";
  private static final String TO = "--to";
  private static final String KEY = "--key";
  private static final String BASE64 = "--base64";

  static final Program PROGRAM =
      new Program(
          "read-topic",
          new Syntax(
              "ReadTopic",
              "Prints records of a topic straight from a snapshot, a line of JSON each.",
              "",
              RepositoryAccess.options(
                  Option.required(SNAPSHOT, "ID", "how its id begins, its run, or latest"),
                  Option.required(TOPIC, "NAME", "of the topic"),
                  Option.optional(PARTITION, "N", "of this partition alone"),
                  Option.optional(FROM, "TIME", "not before it"),
                  Option.optional(TO, "TIME", "before it"),
                  Option.optional(KEY, "TEXT", "with this key alone"),
                  Option.flag(BASE64, "print keys and values in Base64"),
                  SnapshotChoice.ENVIRONMENT_OPTION)),
          ReadTopic::run);

  private ReadTopic() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, UsageException {
    try (RepositoryAccess access = RepositoryAccess.open(arguments, RepositoryOptions.DEFAULT)) {
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), access.repository().list(SnapshotFilter.ALL));
      try (SnapshotReader reader = access.repository().open(snapshot);
          Cursor<KafkaRecord> records = records(reader, arguments).open()) {
        long count = 0;
        for (KafkaRecord each = records.next(); each != null; each = records.next()) {
          output.out().println(line(each, arguments.has(BASE64)));
          count++;
        }
        return new Summary("read-topic", ExitCode.SUCCESS)
            .put("snapshot", snapshot.id().hex())
            .put("records", count);
      }
    }
  }

  private static KafkaRecords records(SnapshotReader snapshot, Arguments arguments)
      throws UsageException {
    KafkaRecords all = KafkaRecords.of(snapshot).topic(arguments.required(TOPIC));
    if (arguments.has(KEY)) {
      all = all.key(arguments.required(KEY).getBytes(StandardCharsets.UTF_8));
    }
    KafkaRecords chosen = all;
    KafkaRecords placed =
        arguments.has(PARTITION)
            ? Arguments.checked(
                () -> chosen.partition(Integer.parseInt(arguments.required(PARTITION))))
            : chosen;
    if (!arguments.has(FROM) && !arguments.has(TO)) {
      return placed;
    }
    Instant from = arguments.has(FROM) ? Arguments.time(arguments.required(FROM)) : Instant.EPOCH;
    Instant to =
        arguments.has(TO)
            ? Arguments.time(arguments.required(TO))
            : Instant.ofEpochMilli(Long.MAX_VALUE);
    return Arguments.checked(() -> placed.between(from, to));
  }

  private static String line(KafkaRecord record, boolean base64) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("partition", record.partition());
      json.writeNumberField("offset", record.offset());
      json.writeNumberField("timestamp", record.timestamp());
      json.writeStringField("key", text(record.key(), base64));
      json.writeStringField("value", text(record.value(), base64));
      json.writeArrayFieldStart("headers");
      for (KafkaRecord.Header each : record.headers()) {
        json.writeStartObject();
        json.writeStringField(each.name(), text(each.value(), base64));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static @Nullable String text(byte @Nullable [] bytes, boolean base64) {
    if (bytes == null) {
      return null;
    }
    return base64
        ? Base64.getEncoder().encodeToString(bytes)
        : new String(bytes, StandardCharsets.UTF_8);
  }
}
