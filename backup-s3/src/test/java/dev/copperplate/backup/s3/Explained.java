package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** A failure as a person meets it: what it says, and what it must not give away. */
final class Explained {

  /** Keys and tokens that tests use. */
  static final String WRONG_SECRET = "canary/wrong+secret";

  static final String SESSION_TOKEN = "canary/session+token";

  private static final List<String> SECRETS =
      List.of(
          WRONG_SECRET,
          SESSION_TOKEN,
          "fake/secret+of+the+owner/0123456789abcdef",
          "AWS4-HMAC-SHA256",
          "Signature=");

  private Explained() {}

  /**
   * Asserts that a call fails in one way, and returns how.
   *
   * @param words that its message has: what was being done, to what, what a person can do
   */
  static BackupException failure(Kind kind, Executable call, String... words) {
    BackupException failure = assertThrows(BackupException.class, call);
    assertExplained(kind, failure, words);
    return failure;
  }

  static void assertExplained(Kind kind, BackupException failure, String... words) {
    assertEquals(kind, failure.kind(), failure::getMessage);
    for (String each : words) {
      assertTrue(failure.getMessage().contains(each), failure::getMessage);
    }
    assertTrue(failure.getMessage().lines().count() == 1, failure::getMessage);
    assertNoSecret(failure);
  }

  /** Of all that a log would have: messages, causes, and what is suppressed. */
  static void assertNoSecret(Throwable failure) {
    StringWriter everything = new StringWriter();
    failure.printStackTrace(new PrintWriter(everything));
    for (String each : SECRETS) {
      assertFalse(everything.toString().contains(each), everything::toString);
    }
  }
}
