package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupTarget;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Targets by what a configuration calls their place. */
public final class Targets {

  private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*)://.*");

  private Targets() {}

  /**
   * The target of a place: the path of a directory, or what a {@link TargetProvider} on the class
   * path understands, such as {@code s3://bucket/prefix} with {@code backup-s3}. The caller closes
   * it.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static BackupTarget at(String place) {
    Matcher uri = SCHEME.matcher(place);
    return uri.matches() ? provider(uri.group(1)).target(place) : LocalTarget.at(Path.of(place));
  }

  private static TargetProvider provider(String scheme) {
    for (TargetProvider each : ServiceLoader.load(TargetProvider.class)) {
      if (each.scheme().equals(scheme)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "Nothing on the class path knows places that begin with "
            + scheme
            + "://. Add the module that does, such as backup-s3 for s3://");
  }
}
