package dev.copperplate.backup.s3;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a repository lies, as policies name it.
 *
 * @param partition of the ARNs: {@code aws} but in a few regions
 * @param prefix what the keys of the repository start with: empty, or with a slash at its end
 */
record RepositoryScope(String partition, String bucket, String prefix) {

  /**
   * <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">Rules</a>.
   */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private static final Pattern IP = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");
  private static final Pattern PARTITION = Pattern.compile("aws(-[a-z]+)*");
  private static final int MOST_PREFIX = 512;

  /** What policies give a meaning to; a store that knows no way to escape it would widen them. */
  private static final List<String> SPECIAL = List.of("*", "?", "${");

  RepositoryScope {
    if (!PARTITION.matcher(partition).matches()) {
      throw new IllegalArgumentException("No partition of AWS: " + partition);
    }
    if (!BUCKET.matcher(bucket).matches()
        || bucket.contains("..")
        || IP.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "No name of a bucket (3 to 63 of a-z, 0-9, dot and hyphen): " + bucket);
    }
    prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    requireLiteral(prefix);
  }

  private static void requireLiteral(String prefix) {
    if (!PRINTABLE.matcher(prefix).matches() || prefix.length() > MOST_PREFIX) {
      throw new IllegalArgumentException(
          "A prefix in a policy has at most "
              + MOST_PREFIX
              + " printable ASCII letters: "
              + prefix);
    }
    if (prefix.startsWith("/") || prefix.contains("//")) {
      throw new IllegalArgumentException("A prefix in a policy has no empty part: " + prefix);
    }
    for (String special : SPECIAL) {
      if (prefix.contains(special)) {
        throw new IllegalArgumentException(
            "A policy for the prefix " + prefix + " would mean others too, because of " + special);
      }
    }
  }

  String bucketArn() {
    return "arn:" + partition + ":s3:::" + bucket;
  }

  /** The objects of the repository whose keys have that form. */
  String objects(String form) {
    return bucketArn() + "/" + prefix + form;
  }

  /** The same for several forms. */
  List<String> objects(List<String> forms) {
    return forms.stream().map(this::objects).toList();
  }
}
