package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Generated kernel sources as files. TornadoVM appends every source that it compiles to the one
 * file that a property names when its runtime starts; here that file is cut into one for each
 * kernel.
 */
final class KernelSources {
  /** The first line of a source in OpenCL C, PTX and CUDA C. */
  private static final Pattern START =
      Pattern.compile(
          "^(?=#pragma OPENCL EXTENSION cl_khr_fp64|\\.version |extern \"C\" __global__ )",
          Pattern.MULTILINE);

  private final Path folder;
  private final Path file;
  private final long start;

  private KernelSources(Path folder, Path file, long start) {
    this.folder = folder;
    this.file = file;
    this.start = start;
  }

  /**
   * Takes what TornadoVM compiles from now on.
   *
   * @throws BackendException if TornadoVM was started without being asked for sources
   */
  static KernelSources to(Path folder) {
    Path sources = TornadoProperties.kernelFile();
    if (sources == null) {
      throw new BackendException(
          "tornado",
          "TornadoVM was started without being asked for kernel sources; start java with "
              + TornadoProperties.kernelFlags());
    }
    try {
      return new KernelSources(folder, sources, Files.exists(sources) ? Files.size(sources) : 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Writes the sources of the tasks that were compiled last.
   *
   * @param tasks in the order of their compilation
   */
  void write(List<KernelTask> tasks) {
    try {
      byte[] all = Files.readAllBytes(file);
      String text = new String(all, (int) start, all.length - (int) start, StandardCharsets.UTF_8);
      List<String> sources = split(text);
      if (sources.size() < tasks.size()) {
        throw new BackendException(
            "tornado",
            "TornadoVM gave %d kernel sources for %d tasks"
                .formatted(sources.size(), tasks.size()));
      }
      Files.createDirectories(folder);
      // The graph that loads the weights was compiled first.
      int first = sources.size() - tasks.size();
      for (int i = 0; i < tasks.size(); i++) {
        String source = sources.get(first + i);
        WholeFile.write(folder.resolve(tasks.get(i).id() + extension(source)), source);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The sources in a text, in order. */
  static List<String> split(String text) {
    return START.splitAsStream(text).filter(source -> !source.isBlank()).toList();
  }

  /** The file name extension of a source's language. */
  static String extension(String source) {
    if (source.startsWith(".version")) {
      return ".ptx";
    }
    return source.startsWith("extern") ? ".cu" : ".cl";
  }
}
