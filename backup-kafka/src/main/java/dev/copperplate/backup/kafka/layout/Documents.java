package dev.copperplate.backup.kafka.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * Writes and reads the documents of partitions. The same facts give the same bytes; fields that are
 * not known are passed over.
 */
public final class Documents {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(1 << 20)
                  .maxNameLength(1 << 10)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private Documents() {}

  /** Writes a partition's document. The stream is not closed. */
  public static void write(StoredPartition partition, OutputStream out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.writeStartObject();
      json.writeStringField("topicId", partition.topicId().toString());
      json.writeNumberField("partition", partition.partition());
      json.writeNumberField("from", partition.from());
      json.writeNumberField("to", partition.to());
      json.writeNumberField("epoch", partition.epoch());
      json.writeStringField("transport", partition.transport());
      json.writeArrayFieldStart("files");
      for (StoredFile each : partition.files()) {
        json.writeStartObject();
        json.writeNumberField("base", each.base());
        json.writeNumberField("next", each.next());
        json.writeNumberField("bytes", each.bytes());
        json.writeNumberField("batches", each.batches());
        json.writeNumberField("records", each.records());
        json.writeNumberField("maxTimestamp", each.maxTimestamp());
        json.writeStringField("sha256", each.sha256());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("holes");
      for (Hole each : partition.holes()) {
        json.writeStartObject();
        json.writeNumberField("from", each.from());
        json.writeNumberField("to", each.to());
        json.writeStringField("reason", each.reason().name());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("aborted");
      for (AbortedTransaction each : partition.aborted()) {
        json.writeStartObject();
        json.writeNumberField("producer", each.producerId());
        json.writeNumberField("first", each.firstOffset());
        json.writeNumberField("marker", each.markerOffset());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("unended");
      for (UnendedTransaction each : partition.unended()) {
        json.writeStartObject();
        json.writeNumberField("producer", each.producer());
        json.writeNumberField("first", each.first());
        json.writeBooleanField("aborted", each.aborted());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * Reads a partition's document. The stream is not closed.
   *
   * @param what it is called in an error
   * @throws BackupException {@code DAMAGED} if it is none
   */
  public static StoredPartition readPartition(InputStream in, String what) throws IOException {
    return read(
        in,
        what,
        fields -> {
          List<StoredFile> files = new ArrayList<>();
          for (Fields each : fields.objects("files")) {
            files.add(
                new StoredFile(
                    each.number("base"),
                    each.number("next"),
                    each.number("bytes"),
                    each.number("batches"),
                    each.number("records"),
                    each.number("maxTimestamp"),
                    each.text("sha256")));
          }
          List<Hole> holes = new ArrayList<>();
          for (Fields each : fields.objects("holes")) {
            holes.add(
                new Hole(
                    each.number("from"),
                    each.number("to"),
                    Hole.Reason.valueOf(each.text("reason"))));
          }
          List<AbortedTransaction> aborted = new ArrayList<>();
          for (Fields each : fields.objects("aborted")) {
            aborted.add(
                new AbortedTransaction(
                    each.number("producer"), each.number("first"), each.number("marker")));
          }
          List<UnendedTransaction> unended = new ArrayList<>();
          for (Fields each : fields.objects("unended")) {
            unended.add(
                new UnendedTransaction(
                    each.number("producer"), each.number("first"), each.flag("aborted")));
          }
          return new StoredPartition(
              Uuid.fromString(fields.text("topicId")),
              Math.toIntExact(fields.number("partition")),
              fields.number("from"),
              fields.number("to"),
              Math.toIntExact(fields.number("epoch")),
              fields.text("transport"),
              files,
              holes,
              aborted,
              unended);
        });
  }

  private static <T> T read(InputStream in, String what, Reading<T> reading) throws IOException {
    try (JsonParser json = FACTORY.createParser(in)) {
      json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object");
      }
      return reading.of(Fields.read(json));
    } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException malformed) {
      throw new BackupException(
          Kind.DAMAGED, what + " is no such document: " + malformed.getMessage(), malformed);
    }
  }

  private static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .setPrettyPrinter(new DefaultPrettyPrinter());
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(Fields fields);
  }
}
