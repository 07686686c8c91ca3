package io.github.tornadovit.emulator.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Every public member of the slice exists in the real API with the same descriptor: classes link
 * with either.
 */
class SliceTest {
  private static final String API = "uk/ac/manchester/tornado/api/";

  /** The emulator's own seams, public because its code lies in another package. */
  private static final String OWN = "Lio/github/tornadovit/emulator/";

  @Test
  void theSliceIsPartOfTheRealApi() throws IOException {
    String jar = System.getProperty("tornado.api.jar", "");
    assumeTrue(Files.isRegularFile(Path.of(jar)), "no TornadoVM SDK: TORNADOVM_HOME is not set");
    Path classes =
        Path.of(
            URI.create(
                KernelContext.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()));
    List<String> missing = new ArrayList<>();
    try (var real = new JarFile(jar);
        Stream<Path> files = Files.walk(classes.resolve(API))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        ClassModel ours = ClassFile.of().parse(file);
        if (ours.flags().has(AccessFlag.PUBLIC)) {
          Set<String> theirs = inherited(real, ours.thisClass().asInternalName());
          members(ours).stream()
              .filter(member -> !theirs.contains(member))
              .map(member -> ours.thisClass().asInternalName() + "." + member)
              .forEach(missing::add);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static Set<String> inherited(JarFile jar, String name) throws IOException {
    var entry = jar.getEntry(name + ".class");
    if (entry == null) {
      return Set.of();
    }
    try (InputStream in = jar.getInputStream(entry)) {
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      Set<String> members = members(model);
      if (model.superclass().isPresent()) {
        members.addAll(inherited(jar, model.superclass().get().asInternalName()));
      }
      return members;
    }
  }

  private static Set<String> members(ClassModel model) {
    Set<String> members = new TreeSet<>(List.of("class"));
    for (MethodModel method : model.methods()) {
      boolean own = method.methodType().stringValue().contains(OWN);
      if (method.flags().has(AccessFlag.PUBLIC) && !own) {
        members.add(method.methodName().stringValue() + method.methodType().stringValue());
      }
    }
    for (FieldModel field : model.fields()) {
      if (field.flags().has(AccessFlag.PUBLIC)) {
        members.add(field.fieldName().stringValue() + ":" + field.fieldType().stringValue());
      }
    }
    return members;
  }
}
