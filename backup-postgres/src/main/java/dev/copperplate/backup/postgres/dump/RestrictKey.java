package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key by which psql knows the end of what it must not take for its own commands. It is that of
 * the snapshot before, so that what did not change is stored once; a server never sees it.
 */
final class RestrictKey {

  private static final Pattern LINE = Pattern.compile("(?m)^\\\\restrict ([A-Za-z0-9]{1,64})$");
  private static final int HEAD = 4096;
  private static final int BYTES = 31;

  private RestrictKey() {}

  static String of(CaptureContext context) throws IOException {
    Optional<String> earlier =
        context.previous().isPresent() ? earlier(context.previous().get()) : Optional.empty();
    return earlier.orElseGet(RestrictKey::random);
  }

  private static Optional<String> earlier(SnapshotReader previous) throws IOException {
    Optional<Entry> globals = previous.entry(LogicalLayout.GLOBALS);
    if (globals.isEmpty()) {
      return Optional.empty();
    }
    long length = Math.min(HEAD, globals.get().size());
    try (InputStream in = previous.open(globals.get(), new ByteRange(0, length))) {
      Matcher line = LINE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
