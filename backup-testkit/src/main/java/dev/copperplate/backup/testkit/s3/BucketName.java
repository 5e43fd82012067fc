package dev.copperplate.backup.testkit.s3;

import java.util.regex.Pattern;

/**
 * The <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">rules
 * for the names of buckets</a>.
 */
final class BucketName {

  private static final Pattern FORM =
      Pattern.compile(
          "(?!xn--)(?!sthree-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)");
  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

  private BucketName() {}

  static boolean isOne(String name) {
    return FORM.matcher(name).matches() && !name.contains("..") && !ADDRESS.matcher(name).matches();
  }
}
