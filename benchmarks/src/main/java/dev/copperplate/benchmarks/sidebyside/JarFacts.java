package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What can be told of the jar that is measured. */
final class JarFacts {

  private static final Pattern ZSTD = Pattern.compile(".*/libzstd-jni-(.+)\\.so");

  private JarFacts() {}

  /** SHA-256 of all its bytes. */
  static String hash(Path jar) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The version of zstd-jni, by the name of its native library. */
  static String zstd(Path jar) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .map(ZSTD::matcher)
          .filter(Matcher::matches)
          .map(each -> each.group(1))
          .findFirst()
          .orElse("unknown");
    }
  }
}
