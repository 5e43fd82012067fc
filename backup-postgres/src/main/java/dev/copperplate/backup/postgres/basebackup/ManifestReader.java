package dev.copperplate.backup.postgres.basebackup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.postgres.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one manifest. */
final class ManifestReader {

  /** As the server prints it; the zone is always GMT. */
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'GMT'", Locale.ROOT);

  private static final int MAX_TEXT = 8 * 1024;
  private static final int MAX_RANGES = 10_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(MAX_TEXT)
                  .maxNameLength(64)
                  .maxNumberLength(20)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final SummedLines lines;
  private final BackupManifest.Visitor visitor;
  private int version;
  private Optional<String> systemIdentifier = Optional.empty();
  private final List<BackupManifest.Wal> wal = new ArrayList<>();
  private @Nullable String stated;

  ManifestReader(InputStream json, BackupManifest.Visitor visitor) {
    this.lines = new SummedLines(json);
    this.visitor = visitor;
  }

  BackupManifest read() throws IOException {
    try (JsonParser json = FACTORY.createParser(lines)) {
      json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      document(json);
    } catch (JsonProcessingException malformed) {
      throw damaged("it is not JSON as the server writes it");
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw damaged(String.valueOf(wrong.getMessage()));
    }
    if (!lines.isEnded() || !lines.sum().equals(stated)) {
      throw damaged("it does not have the sum that it states");
    }
    return new BackupManifest(version, systemIdentifier, wal);
  }

  private void document(JsonParser json) throws IOException {
    require(json.nextToken(), JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "PostgreSQL-Backup-Manifest-Version" -> version(json.getIntValue());
        case "System-Identifier" -> systemIdentifier = Optional.of(unsigned(json.getText()));
        case "Files" -> array(json, () -> visitor.file(file(json)));
        case "WAL-Ranges" -> array(json, () -> addRange(json));
        case "Manifest-Checksum" -> stated = json.getText();
        default -> throw new IllegalArgumentException("an unknown field");
      }
    }
    require(json.currentToken(), JsonToken.END_OBJECT);
    require(json.nextToken(), null);
  }

  private void version(int number) throws BackupException {
    if (number != 1 && number != 2) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "This backup_manifest has version "
              + number
              + "; a newer version of this library, or pg_verifybackup of the server, reads it");
    }
    version = number;
  }

  private static String unsigned(String digits) {
    return Long.toUnsignedString(Long.parseUnsignedLong(digits));
  }

  private static void array(JsonParser json, Element element) throws IOException {
    require(json.currentToken(), JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken(), JsonToken.START_OBJECT);
      element.read();
    }
  }

  @FunctionalInterface
  private interface Element {
    void read() throws IOException;
  }

  private static ManifestFile file(JsonParser json) throws IOException {
    EntryPath path = EntryPath.ROOT;
    long size = -1;
    Instant modified = Instant.EPOCH;
    ChecksumAlgorithm algorithm = ChecksumAlgorithm.NONE;
    String checksum = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "Path" -> path = path(json.getText().getBytes(StandardCharsets.UTF_8));
        case "Encoded-Path" -> path = path(HexFormat.of().parseHex(json.getText()));
        case "Size" -> size = json.getLongValue();
        case "Last-Modified" -> modified = time(json.getText());
        case "Checksum-Algorithm" -> algorithm = ChecksumAlgorithm.valueOf(json.getText());
        case "Checksum" -> checksum = json.getText().toLowerCase(Locale.ROOT);
        default -> throw new IllegalArgumentException("a file has an unknown field");
      }
    }
    return new ManifestFile(path, size, modified, algorithm, checksum);
  }

  private static Instant time(String text) {
    return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
  }

  private static EntryPath path(byte[] slashed) {
    List<RawName> names = new ArrayList<>();
    int from = 0;
    for (int at = 0; at <= slashed.length; at++) {
      if (at == slashed.length || slashed[at] == '/') {
        names.add(RawName.of(Arrays.copyOfRange(slashed, from, at)));
        from = at + 1;
      }
    }
    return new EntryPath(names);
  }

  private void addRange(JsonParser json) throws IOException {
    int timeline = 0;
    Lsn start = Lsn.NONE;
    Lsn end = Lsn.NONE;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "Timeline" -> timeline = json.getIntValue();
        case "Start-LSN" -> start = Lsn.parse(json.getText());
        case "End-LSN" -> end = Lsn.parse(json.getText());
        default -> throw new IllegalArgumentException("a range of WAL has an unknown field");
      }
    }
    if (timeline < 1 || end.isBefore(start) || wal.size() == MAX_RANGES) {
      throw new IllegalArgumentException("a range of WAL that cannot be");
    }
    wal.add(new BackupManifest.Wal(timeline, start, end));
  }

  private static void require(@Nullable JsonToken found, @Nullable JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException("not the structure of a manifest");
    }
  }

  private static BackupException damaged(String why) {
    return new BackupException(
        Kind.DAMAGED, "The backup_manifest cannot be relied on: " + why + ". Use another base");
  }
}
