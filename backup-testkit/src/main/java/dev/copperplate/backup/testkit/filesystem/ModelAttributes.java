package dev.copperplate.backup.testkit.filesystem;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** What a file or directory was like at one moment. */
record ModelAttributes(
    boolean isDirectory,
    long size,
    FileTime lastModifiedTime,
    Set<PosixFilePermission> permissions,
    Object fileKey)
    implements PosixFileAttributes {

  /** The only one there is. */
  private record Somebody(String getName) implements GroupPrincipal {}

  private static final Somebody SOMEBODY = new Somebody("model");

  static ModelAttributes of(Node node) {
    return new ModelAttributes(
        node.directory,
        node.size,
        FileTime.from(node.modified),
        Set.copyOf(node.permissions),
        node);
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime;
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime;
  }

  @Override
  public UserPrincipal owner() {
    return SOMEBODY;
  }

  @Override
  public GroupPrincipal group() {
    return SOMEBODY;
  }
}
