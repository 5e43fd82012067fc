package dev.copperplate.backup.repository.format;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file below {@code snapshots/}. Immutable. Fields that are not known here are passed over and
 * gone when it is written again: restic does the same.
 *
 * @param time of the backup
 * @param parent the snapshot that it was compared with, if any
 * @param tree the root directory
 * @param paths what was backed up
 * @param hostname where, or empty
 * @param username by whom, or empty
 * @param uid number of the user, or 0
 * @param gid number of the group, or 0
 * @param excludes patterns that were left out
 * @param tags given by the user or a tool
 * @param original the first snapshot in a line of those that only their metadata tells apart
 * @param programVersion of the tool, or empty
 * @param summary what the backup counted, if known
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Snapshots"</a>
 */
public record SnapshotFile(
    Instant time,
    @Nullable Sha256 parent,
    Sha256 tree,
    List<String> paths,
    String hostname,
    String username,
    long uid,
    long gid,
    List<String> excludes,
    List<String> tags,
    @Nullable Sha256 original,
    String programVersion,
    @Nullable SnapshotSummary summary) {

  public SnapshotFile {
    Objects.requireNonNull(time);
    Objects.requireNonNull(tree);
    Objects.requireNonNull(hostname);
    Objects.requireNonNull(username);
    Objects.requireNonNull(programVersion);
    paths = List.copyOf(paths);
    excludes = List.copyOf(excludes);
    tags = List.copyOf(tags);
    if (uid < 0 || uid > 0xffff_ffffL || gid < 0 || gid > 0xffff_ffffL) {
      throw new IllegalArgumentException("Owners are 32-bit numbers: " + uid + ":" + gid);
    }
  }

  /** A snapshot of which all but the two is still to be said. */
  public static Builder builder(Instant time, Sha256 tree) {
    return new Builder(time, tree);
  }

  /** A builder that begins with what this snapshot says. */
  public Builder toBuilder() {
    return new Builder(time, tree)
        .parent(parent)
        .paths(paths)
        .hostname(hostname)
        .username(username)
        .uid(uid)
        .gid(gid)
        .excludes(excludes)
        .tags(tags)
        .original(original)
        .programVersion(programVersion)
        .summary(summary);
  }

  /** The plain JSON; see {@link Unpacked}. */
  public byte[] encode() {
    JsonOutput out = new JsonOutput().beginObject();
    out.field("time").time(time);
    out.optional("parent", parent);
    out.field("tree").id(tree);
    out.field("paths").strings(paths);
    out.optional("hostname", hostname);
    out.optional("username", username);
    out.optional("uid", uid);
    out.optional("gid", gid);
    out.optional("excludes", excludes);
    out.optional("tags", tags);
    out.optional("original", original);
    out.optional("program_version", programVersion);
    if (summary != null) {
      summary.encode(out.field("summary"));
    }
    return out.endObject().toByteArray();
  }

  /**
   * Reads the plain JSON. What is missing is empty, and a missing time {@link Timestamps#UNKNOWN};
   * only the tree must be there.
   *
   * @throws FormatException if it is malformed or names no tree
   */
  public static SnapshotFile decode(byte[] json) throws FormatException {
    try (JsonInput in = new JsonInput(json)) {
      Builder builder = new Builder(Timestamps.UNKNOWN);
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        builder.read(field, in);
      }
      in.end();
      if (builder.tree == null) {
        throw new FormatException("The snapshot names no tree");
      }
      return builder.build();
    }
  }

  /** Says a snapshot field by field. Not thread-safe. */
  public static final class Builder {

    private Instant time;
    private @Nullable Sha256 parent;
    private @Nullable Sha256 tree;
    private List<String> paths = List.of();
    private String hostname = "";
    private String username = "";
    private long uid;
    private long gid;
    private List<String> excludes = List.of();
    private List<String> tags = List.of();
    private @Nullable Sha256 original;
    private String programVersion = "";
    private @Nullable SnapshotSummary summary;

    private Builder(Instant time) {
      this.time = time;
    }

    private Builder(Instant time, Sha256 tree) {
      this.time = time;
      this.tree = tree;
    }

    public Builder time(Instant time) {
      this.time = time;
      return this;
    }

    public Builder tree(Sha256 tree) {
      this.tree = tree;
      return this;
    }

    public Builder parent(@Nullable Sha256 parent) {
      this.parent = parent;
      return this;
    }

    public Builder paths(List<String> paths) {
      this.paths = paths;
      return this;
    }

    public Builder hostname(String hostname) {
      this.hostname = hostname;
      return this;
    }

    public Builder username(String username) {
      this.username = username;
      return this;
    }

    public Builder uid(long uid) {
      this.uid = uid;
      return this;
    }

    public Builder gid(long gid) {
      this.gid = gid;
      return this;
    }

    public Builder excludes(List<String> excludes) {
      this.excludes = excludes;
      return this;
    }

    public Builder tags(List<String> tags) {
      this.tags = tags;
      return this;
    }

    public Builder original(@Nullable Sha256 original) {
      this.original = original;
      return this;
    }

    public Builder programVersion(String programVersion) {
      this.programVersion = programVersion;
      return this;
    }

    public Builder summary(@Nullable SnapshotSummary summary) {
      this.summary = summary;
      return this;
    }

    public SnapshotFile build() {
      return new SnapshotFile(
          time,
          parent,
          Objects.requireNonNull(tree),
          paths,
          hostname,
          username,
          uid,
          gid,
          excludes,
          tags,
          original,
          programVersion,
          summary);
    }

    private void read(String field, JsonInput in) throws FormatException {
      switch (field) {
        case "time" -> time = in.time(field);
        case "parent" -> parent = in.id(field);
        case "tree" -> tree = in.id(field);
        case "paths" -> paths = in.strings(field);
        case "hostname" -> hostname = in.string(field);
        case "username" -> username = in.string(field);
        case "uid" -> uid = in.uint32(field);
        case "gid" -> gid = in.uint32(field);
        case "excludes" -> excludes = in.strings(field);
        case "tags" -> tags = in.strings(field);
        case "original" -> original = in.id(field);
        case "program_version" -> programVersion = in.string(field);
        case "summary" -> summary = SnapshotSummary.decode(in);
        default -> in.skip();
      }
    }
  }
}
