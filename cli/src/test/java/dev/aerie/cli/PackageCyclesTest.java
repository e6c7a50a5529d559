package dev.aerie.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No cycles among the packages of a module, as `ARCHITECTURE.md` says; `core` sees to its own.
class PackageCyclesTest {

    @ParameterizedTest
    @ValueSource(strings = {"train", "lab", "evaluate"})
    void packagesOfAModuleDependOneWay(String module) {
        var code = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.aerie." + module);
        slices().matching("dev.aerie." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(code);
    }
}
