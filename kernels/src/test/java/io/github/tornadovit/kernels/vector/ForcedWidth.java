package io.github.tornadovit.kernels.vector;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Vector loops of any width beside each other in one JVM. A species has to be a constant, so the
 * width is fixed per class: this loads the classes of the package once more for each width.
 */
public final class ForcedWidth {
  private ForcedWidth() {}

  /** The loops that the JVM would use with {@value LoopsChoice#PROPERTY} at this value. */
  public static InnerLoops loops(int bits) {
    String before = System.getProperty(LoopsChoice.PROPERTY);
    System.setProperty(LoopsChoice.PROPERTY, Integer.toString(bits));
    try {
      Class<?> choice = new PackageCopy().loadClass(LoopsChoice.class.getName());
      return (InnerLoops) choice.getMethod("choose").invoke(null);
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    } finally {
      if (before == null) {
        System.clearProperty(LoopsChoice.PROPERTY);
      } else {
        System.setProperty(LoopsChoice.PROPERTY, before);
      }
    }
  }

  /** Defines the classes of this package itself and takes the others from the parent. */
  private static final class PackageCopy extends ClassLoader {
    private static final String PREFIX = LoopsChoice.class.getPackageName() + ".";

    PackageCopy() {
      super(ForcedWidth.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PREFIX)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
