package dev.copperplate.backup.repository.format;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The facts of a source as one flat JSON object of strings, keys ascending: {@code manifest.json}.
 */
public final class ManifestFile {

  /** Facts are short; tables of facts are files of their own. */
  public static final int MAX_SIZE = 1 << 20;

  private ManifestFile() {}

  /** The bytes of the file. */
  public static byte[] encode(Map<String, String> facts) {
    JsonOutput out = new JsonOutput().beginObject();
    new TreeMap<>(facts).forEach((key, value) -> out.anyField(key).string(value));
    return out.endObject().newline().toByteArray();
  }

  /**
   * Reads the bytes of the file.
   *
   * @throws FormatException if it is malformed
   */
  public static SortedMap<String, String> decode(byte[] json) throws FormatException {
    SortedMap<String, String> facts = new TreeMap<>();
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        facts.put(key, in.string(key));
      }
      in.end();
    }
    return facts;
  }
}
