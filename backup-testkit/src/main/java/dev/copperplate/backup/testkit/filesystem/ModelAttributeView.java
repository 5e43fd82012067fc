package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and changes what is known of a path. */
record ModelAttributeView(ModelFileSystem fileSystem, ModelPath path)
    implements PosixFileAttributeView {

  @Override
  public String name() {
    return "posix";
  }

  @Override
  public PosixFileAttributes readAttributes() throws IOException {
    synchronized (fileSystem) {
      return ModelAttributes.of(fileSystem.node(path));
    }
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    synchronized (fileSystem) {
      Node node = fileSystem.node(path);
      fileSystem.operate("times " + path);
      node.modified = modified == null ? node.modified : modified.toInstant();
    }
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    synchronized (fileSystem) {
      Node node = fileSystem.node(path);
      fileSystem.operate("permissions " + path);
      node.permissions(Set.copyOf(permissions));
    }
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return readAttributes().owner();
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw new UnsupportedOperationException("The model has no users");
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    throw new UnsupportedOperationException("The model has no users");
  }
}
