package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.util.HashMap;
import java.util.Map;

/** What versions a broker speaks, from its answer to ApiVersions 0. */
final class Versions {

  private static final int ENTRY_BYTES = 6;

  private Versions() {}

  record Range(int least, int most) {}

  static Map<Integer, Range> read(ResponseReader answer) throws MalformedAnswerException {
    int error = answer.int16();
    if (error != 0) {
      throw new MalformedAnswerException("It answers ApiVersions with " + ErrorCode.text(error));
    }
    Map<Integer, Range> ranges = new HashMap<>();
    int count = answer.array(ENTRY_BYTES);
    for (int i = 0; i < count; i++) {
      ranges.put((int) answer.int16(), new Range(answer.int16(), answer.int16()));
    }
    return ranges;
  }

  static boolean speaks(Map<Integer, Range> versions, Request.Api api) {
    Range range = versions.get(api.key());
    return range != null && range.least() <= api.spoken() && api.spoken() <= range.most();
  }

  /**
   * @throws BackupException {@code UNSUPPORTED} if the broker does not speak ours
   */
  static void require(Map<Integer, Range> versions, Request.Api api, Endpoint broker)
      throws BackupException {
    if (!speaks(versions, api)) {
      throw new BackupException(Kind.UNSUPPORTED, broker + " does not speak " + api);
    }
  }
}
