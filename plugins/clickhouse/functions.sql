-- The raw module as two functions. {module} stands for the path of kubelet-audit.raw.wasm. A server reads only
-- files below its user_files directory.

INSERT INTO system.webassembly_modules (name, code)
    SELECT 'kubelet_audit', raw_blob FROM file('{module}', 'RawBLOB', 'raw_blob String');

CREATE OR REPLACE FUNCTION kubelet_report
    LANGUAGE WASM ABI BUFFERED_V1
    FROM 'kubelet_audit' :: 'kubelet_report'
    ARGUMENTS (config String, options String)
    RETURNS String
    DETERMINISTIC
    SETTINGS serialization_format = 'RowBinary';

CREATE OR REPLACE FUNCTION kubelet_findings
    LANGUAGE WASM ABI BUFFERED_V1
    FROM 'kubelet_audit' :: 'kubelet_findings'
    ARGUMENTS (config String, options String)
    RETURNS Array(Tuple(
        control String, number String, title String, status String, severity String, benchmark String,
        effective String, missing Array(String), message String, fix String, line UInt32))
    DETERMINISTIC
    SETTINGS serialization_format = 'RowBinary';
