package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a manifest as the server and {@code pg_combinebackup} write it, byte by byte. Not
 * thread-safe.
 */
public final class ManifestWriter {

  private final OutputStream out;
  private final FileChecksum sum = ChecksumAlgorithm.SHA256.begin();
  private String between = "\n";

  /**
   * Begins a manifest.
   *
   * @param out not closed
   * @param systemIdentifier decimal; empty for version 1
   */
  public ManifestWriter(OutputStream out, Optional<String> systemIdentifier) throws IOException {
    this.out = out;
    write(
        "{ \"PostgreSQL-Backup-Manifest-Version\": "
            + (systemIdentifier.isPresent() ? 2 : 1)
            + ",\n");
    if (systemIdentifier.isPresent()) {
      write("\"System-Identifier\": " + systemIdentifier.get() + ",\n");
    }
    write("\"Files\": [");
  }

  public void add(ManifestFile file) throws IOException {
    String time = ManifestReader.TIME.format(file.modified().atOffset(ZoneOffset.UTC));
    write(between + "{ " + path(file.path()));
    write(", \"Size\": " + file.size() + ", \"Last-Modified\": \"" + time + "\"");
    if (file.algorithm() != ChecksumAlgorithm.NONE) {
      write(", \"Checksum-Algorithm\": \"" + file.algorithm() + "\"");
      write(", \"Checksum\": \"" + file.checksum() + "\"");
    }
    write(" }");
    between = ",\n";
  }

  /** Ends it, with the WAL that it needs and the sum of itself. */
  public void finish(Iterable<BackupManifest.Wal> ranges) throws IOException {
    write("\n],\n\"WAL-Ranges\": [");
    between = "\n";
    for (BackupManifest.Wal each : ranges) {
      write(between + "{ \"Timeline\": " + each.timeline());
      write(", \"Start-LSN\": \"" + each.start() + "\", \"End-LSN\": \"" + each.end() + "\" }");
      between = ",\n";
    }
    write("\n],\n");
    String last = "\"Manifest-Checksum\": \"" + sum.hex() + "\"}\n";
    out.write(last.getBytes(StandardCharsets.US_ASCII));
  }

  private void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sum.update(bytes, 0, bytes.length);
    out.write(bytes);
  }

  /** Text, or digits where the bytes are none. */
  private static String path(EntryPath path) {
    ByteArrayOutputStream slashed = new ByteArrayOutputStream();
    String before = "";
    for (RawName name : path.names()) {
      slashed.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
      slashed.writeBytes(name.toByteArray());
      before = "/";
    }
    byte[] bytes = slashed.toByteArray();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return "\"Path\": \"" + escaped(text) + "\"";
    } catch (CharacterCodingException notText) {
      return "\"Encoded-Path\": \"" + HexFormat.of().formatHex(bytes) + "\"";
    }
  }

  /** The server's {@code escape_json}. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      switch (each) {
        case '\b' -> escaped.append("\\b");
        case '\f' -> escaped.append("\\f");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        default -> {
          if (each < ' ') {
            escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
          } else {
            escaped.append(each);
          }
        }
      }
    }
    return escaped.toString();
  }
}
