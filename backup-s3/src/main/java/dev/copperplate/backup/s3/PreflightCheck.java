package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.List;

/** One thing that a preflight looks at. */
interface PreflightCheck {

  /** What findings of it are about. */
  String subject();

  /** Adds what it finds. What may not be asked is a failure with {@code DENIED}. */
  void look(List<Finding> findings) throws IOException;
}
