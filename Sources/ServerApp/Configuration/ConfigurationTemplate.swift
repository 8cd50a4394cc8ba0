/// The commented template with every setting.
package enum ConfigurationTemplate {
    package static var text: String { String(decoding: PackageResources.countersign_template_yaml, as: UTF8.self) }
}
