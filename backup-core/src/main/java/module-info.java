/** The repository engine, with what it needs to back up plain files into a directory. */
module dev.copperplate.backup.core {
  requires transitive dev.copperplate.backup.api;
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.copperplate.backup.files;
  exports dev.copperplate.backup.repository;
  exports dev.copperplate.backup.retention;
  exports dev.copperplate.backup.target;
  exports dev.copperplate.backup.verify;

  uses dev.copperplate.backup.target.TargetProvider;
}
