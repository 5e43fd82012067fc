package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.VersionedTarget;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

/**
 * A decorator that inherits a default method would answer for itself, not for what it decorates.
 */
class DecoratorsTest {

  @Test
  void theRetryingTargetOverridesEveryMethod() throws Exception {
    assertOverridesAll(RetryingTarget.class, BackupTarget.class);
    assertOverridesAll(RetryingTarget.Versioned.class, VersionedTarget.class);
  }

  @Test
  void theThrottledTargetOverridesEveryMethod() throws Exception {
    assertOverridesAll(ThrottledTarget.class, BackupTarget.class);
    assertOverridesAll(ThrottledTarget.Versioned.class, VersionedTarget.class);
  }

  @Test
  void theReadOnlyTargetOverridesEveryMethod() throws Exception {
    assertOverridesAll(ReadOnlyTarget.class, BackupTarget.class);
    assertOverridesAll(ReadOnlyTarget.Versioned.class, VersionedTarget.class);
  }

  @Test
  void theThrottledStreamForwardsWhatItsDelegateDoesBetter() throws Exception {
    assertForwards(ThrottledStream.class);
  }

  @Test
  void theRetryingCursorOverridesEveryMethod() throws Exception {
    assertOverridesAll(RetryingCursor.class, Cursor.class);
  }

  @Test
  void theRetryingStreamForwardsWhatItsDelegateDoesBetter() throws Exception {
    assertForwards(RetryingStream.class);
  }

  private static void assertForwards(Class<? extends InputStream> stream) throws Exception {
    for (String name : new String[] {"available", "close"}) {
      assertOverrides(stream, InputStream.class.getMethod(name));
    }
    assertOverrides(stream, InputStream.class.getMethod("skip", long.class));
  }

  private static void assertOverridesAll(Class<?> decorator, Class<?> type) throws Exception {
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        assertOverrides(decorator, method);
      }
    }
  }

  private static void assertOverrides(Class<?> decorator, Method method) throws Exception {
    Class<?> declaring =
        decorator.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass();
    assertFalse(
        declaring.isInterface() || declaring == InputStream.class,
        () -> decorator.getSimpleName() + " does not override " + method);
  }
}
