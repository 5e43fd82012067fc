package dev.copperplate.backup.records;

import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is sealed: JSON with the fields {@code key} (its place, so that a record that
 * somebody moved is refused), {@code body} (what it says, JSON as a string, so that a signature has
 * bytes to stand for), and {@code signature} (base64, absent if there is none).
 *
 * @param key its place
 * @param body what it says
 * @param signature of the body's UTF-8 bytes; null if it is not signed
 */
record RecordFile(String key, String body, byte @Nullable [] signature) {

  byte[] encode() {
    JsonOutput out =
        new JsonOutput().beginObject().field("key").string(key).field("body").string(body);
    if (signature != null) {
      out.field("signature").base64(signature);
    }
    return out.endObject().toByteArray();
  }

  static RecordFile decode(byte[] json) throws FormatException {
    String key = null;
    String body = null;
    String signature = null;
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "key" -> key = in.string(field);
          case "body" -> body = in.string(field);
          case "signature" -> signature = in.string(field);
          default -> in.skip();
        }
      }
      in.end();
    }
    if (key == null || body == null) {
      throw new FormatException("It lacks its place or what it says");
    }
    try {
      return new RecordFile(
          key, body, signature == null ? null : Base64.getDecoder().decode(signature));
    } catch (IllegalArgumentException broken) {
      throw new FormatException("Its signature is malformed", broken);
    }
  }
}
