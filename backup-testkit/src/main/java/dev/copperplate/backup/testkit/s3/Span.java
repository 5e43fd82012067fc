package dev.copperplate.backup.testkit.s3;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a content that the header {@code Range} asks for; see RFC 9110, section 14. One that
 * cannot be read counts as none.
 */
record Span(int from, int length) {

  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** Empty for the whole. */
  static Optional<Span> parse(@Nullable String header, int size) {
    if (header == null) {
      return Optional.empty();
    }
    if (header.startsWith("bytes=") && header.contains(",")) {
      throw S3Error.notImplemented("several ranges");
    }
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches() || header.equals("bytes=-")) {
      return Optional.empty();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return Optional.of(suffix(Long.parseLong(last), size, header));
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
    if (to < from) {
      return Optional.empty();
    }
    if (from >= size) {
      throw beyond(size, header);
    }
    return Optional.of(new Span((int) from, (int) (Math.min(to, size - 1L) - from + 1)));
  }

  private static Span suffix(long length, int size, String header) {
    if (length == 0 || size == 0) {
      throw beyond(size, header);
    }
    int taken = (int) Math.min(length, size);
    return new Span(size - taken, taken);
  }

  private static S3Error beyond(int size, String header) {
    return new S3Error(416, "InvalidRange", "The requested range is not satisfiable")
        .detail("RangeRequested", header)
        .detail("ActualObjectSize", Integer.toString(size))
        .header("Content-Range", "bytes */" + size);
  }

  String header(int size) {
    return "bytes " + from + '-' + (from + length - 1) + '/' + size;
  }
}
